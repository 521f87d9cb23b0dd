// tries: to keep its caller waiting
// must: time limit
async function lambda(input, callback) {
  await new Promise(() => {})
}
