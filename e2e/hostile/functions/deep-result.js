// tries: to return something nested deeply
// must: contained
function lambda(input, callback) {
  let deep = []
  for (let i = 0; i < 3000; i += 1) deep = [deep]
  callback(null, { escaped: [], deep })
}
