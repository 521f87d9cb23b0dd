// tries: to serve HTTP
// must: fails
function lambda(input, callback) {
  require('http').createServer().listen(0, '127.0.0.1', () => callback(null, { escaped: ['listening'] }))
}
