// tries: to flood the standard streams
// must: log limit
async function lambda(input, callback) {
  for (let i = 0; i < 20000; i += 1) process.stdout.write('x'.repeat(5000))
  callback(null, 1)
}
