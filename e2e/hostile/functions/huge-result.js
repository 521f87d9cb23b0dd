// tries: to return more than 1 MB
// must: fails
function lambda(input, callback) {
  callback(null, 'x'.repeat(50e6))
}
