// tries: to send more than 20 requests in a second
// must: refused
async function lambda() {
  const one = () => fetch('https://exfiltration.example/').then(() => 'reached', (e) => e.cause?.statusCode)
  const begun = performance.now()
  const answers = await Promise.all(Array.from({ length: 100 }, one))
  // No second of those that passed may have had more.
  const most = 20 * (Math.floor((performance.now() - begun) / 1000) + 1)
  const passed = answers.filter((status) => status !== 429)
  return { escaped: passed.length <= most ? [] : passed }
}
