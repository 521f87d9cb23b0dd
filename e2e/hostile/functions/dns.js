// tries: to resolve names, which carries data outside
// must: refused
const attempts = [
  async () => Deno.resolveDns('secret.example.com', 'A'),
  async () => process.getBuiltinModule('dns').promises.lookup('secret.example.com').then(({ address }) => address),
  async () => process.getBuiltinModule('dns').promises.resolveTxt('secret.example.com'),
  async () => (() => { const r = new (process.getBuiltinModule('dns').promises.Resolver)(); r.setServers(['127.0.0.1:53']); return r.resolve4('x.example.com') })(),
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
