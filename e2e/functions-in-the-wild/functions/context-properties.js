// Keeps what is known of a conversation in the context service, and reads it back when the consumer comes again.
const { Toolbelt } = require('lp-faas-toolbelt')
const NAMESPACE = 'visits'

async function lambda(input) {
  const { convId, visitorId } = input.payload.general
  const { value: apiKey } = await Toolbelt.SecretClient().readSecret('context-key')
  const accountId = process.env.BRAND_ID
  const context = Toolbelt.ContextServiceClient({ apiKey, accountId })
  // Each run makes sure that the namespace is there.
  await context.createNamespace(NAMESPACE, { ttl: 86400 })
  const session = visitorId || 'nobody'
  const before = await context.getAllPropertiesInSession(NAMESPACE, session)
  const visits = (before.visits || 0) + 1
  await context.setPropertiesInNamespace(NAMESPACE, { visits, last: { convId } }, session)
  // Some use the HTTP interface beside the client, one property at a time.
  const client = Toolbelt.HTTPClient()
  await client(
    `https://z1.context.liveperson.net/v1/account/${accountId}/${NAMESPACE}/${session}/properties/channel`,
    { method: 'PUT', headers: { 'maven-api-key': apiKey }, json: true, body: 'web' },
  )
  return { type: 'systemMessage', text: `Visit ${visits}. Welcome${visits > 1 ? ' back' : ''}!` }
}
