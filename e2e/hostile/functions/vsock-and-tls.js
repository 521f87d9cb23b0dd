// tries: to use unusual transports
// must: refused or dies alone
const attempts = [
  async () => Deno.connect({ transport: 'vsock', cid: 2, port: 1 }).then(() => 'connected'),
  async () => Deno.connectTls({ port: 443, hostname: '127.0.0.2' }).then(() => 'connected'),
  async () => Deno.createHttpClient({ proxy: { url: 'http://127.0.0.1:1' } }) && 'client',
  async () => new WebSocketStream('ws://127.0.0.1:1').opened.then(() => 'open'),
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
