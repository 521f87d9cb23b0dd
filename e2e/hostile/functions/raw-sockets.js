// tries: to open a socket to this machine and to others
// must: refused
const attempts = [
  async () => new Promise((ok, no) => process.getBuiltinModule('net').connect(5432, '127.0.0.1').on('connect', () => ok('connected')).on('error', no)),
  async () => Deno.connect({ port: 4800, hostname: '127.0.0.1' }).then(() => 'connected'),
  async () => Deno.connect({ transport: 'unix', path: '/var/run/docker.sock' }).then(() => 'connected'),
  async () => new Promise((ok, no) => process.getBuiltinModule('tls').connect(443, '127.0.0.2').on('secureConnect', () => ok('connected')).on('error', no)),
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
