// tries: to listen where others look for the egress proxy, and to read their tokens
// must: refused or dies alone
const address = Deno.args[0] ?? '/proc/self/fd/3'
const port = Number(address) || 4843
const net = process.getBuiltinModule('net')
const heard = []
const listen = (target) => new Promise((ok, no) => {
  const server = net.createServer((socket) => socket.on('data', (bytes) => heard.push(String(bytes))))
  server.on('error', no).listen(target, () => ok('listens'))
})
const attempts = [
  async () => { try { Deno.removeSync(address) } catch {} Deno.listen({ transport: 'unix', path: address }); return 'listens' },
  async () => listen({ path: address }),
  async () => (Deno.listen({ port, hostname: '127.0.0.1', reusePort: true }), 'listens'),
  async () => (Deno.listenDatagram({ port, hostname: '127.0.0.1', transport: 'udp' }), 'listens'),
  async () => listen({ port, host: '127.0.0.1' }),
  async () => listen({ path: '\0parley-egress' }),
]
async function lambda() {
  const escaped = []
  for (const attempt of attempts) {
    try {
      const got = await attempt()
      if (got !== undefined) escaped.push(String(got).slice(0, 100))
    } catch {}
  }
  await new Promise((done) => setTimeout(done, 200))
  return { escaped: [...escaped, ...heard] }
}
