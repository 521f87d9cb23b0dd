// tries: to return what is no JSON
// must: fails
function lambda(input, callback) {
  const a = {}
  a.a = a
  callback(null, a)
}
