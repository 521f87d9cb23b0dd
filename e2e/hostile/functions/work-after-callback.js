// tries: to go on working after its answer
// must: contained
let ticks = 0
function lambda(input, callback) {
  setInterval(() => { ticks += 1; for (let end = performance.now() + 5; performance.now() < end; ); }, 1)
  callback(null, { escaped: [], ticks })
}
