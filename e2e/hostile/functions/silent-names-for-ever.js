// tries: to look up new silent names as fast as it may, for a while
// must: refused
async function lambda() {
  const over = Date.now() + 2000
  const answers = []
  for (let n = 0; Date.now() < over; n += 1) {
    const one = fetch(`http://other-${n}.silent.test/`).then((r) => r.status, (e) => e.cause?.statusCode)
    answers.push(one)
    await new Promise((done) => setTimeout(done, 20))
  }
  const statuses = await Promise.all(answers)
  return { escaped: statuses.filter((status) => status !== 502 && status !== 429) }
}
