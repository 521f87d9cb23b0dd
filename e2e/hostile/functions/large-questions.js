// tries: to keep the server busy with large questions
// must: contained
async function lambda() {
  const { Toolbelt } = require('lp-faas-toolbelt')
  const secrets = Toolbelt.SecretClient()
  const value = 'x'.repeat(900_000)
  const ask = () => secrets.updateSecret({ key: 'large', value }).then(() => 'updated', () => undefined)
  const answers = await Promise.all(Array.from({ length: 40 }, ask))
  return { escaped: answers.filter(Boolean) }
}
