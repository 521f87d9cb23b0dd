// tries: to send more than 20 requests in a second
// must: refused
async function lambda() {
  const one = () => fetch('https://exfiltration.example/').then(() => 'reached', (e) => e.cause?.statusCode)
  const answers = await Promise.all(Array.from({ length: 100 }, one))
  const refused = answers.filter((status) => status === 429).length
  return { escaped: refused >= 80 ? [] : answers }
}
