// tries: to listen with the API of the runtime
// must: refused
const attempts = [
  async () => String(Deno.listen({ port: 0 }).addr),
  async () => Deno.serve({ port: 0 }, () => new Response('x')) && 'served',
  async () => String(Deno.listen({ transport: 'unix', path: '/tmp/hostile.sock' }).addr),
]
async function lambda() {
  const escaped = []
  for (const attempt of attempts) {
    try {
      escaped.push(await attempt())
    } catch {}
  }
  return { escaped }
}
