// tries: to stop the server with a question that is nested deeply
// must: contained
async function lambda() {
  const { Toolbelt } = require('lp-faas-toolbelt')
  const secrets = Toolbelt.SecretClient()
  let value = 1
  for (let depth = 0; depth < 5_000; depth += 1) value = [value]
  const ask = () => secrets.updateSecret({ key: 'deep', value }).then(() => 'updated', () => undefined)
  const answers = await Promise.all(Array.from({ length: 50 }, ask))
  return { escaped: answers.filter(Boolean) }
}
