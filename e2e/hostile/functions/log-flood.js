// tries: to flood the log
// must: log limit
function lambda(input, callback) {
  for (let i = 0; i < 200000; i += 1) console.info('x'.repeat(1000), { i })
  callback(null, 1)
}
