// tries: to backtrack for ever
// must: time limit
function lambda(input, callback) {
  callback(null, /^(a+)+$/.test('a'.repeat(60) + '!'))
}
