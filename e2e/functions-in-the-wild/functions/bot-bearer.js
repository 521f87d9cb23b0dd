// Works as a bot user. Its bearer is kept in a JSON secret, and renewed when it is no longer good.
const { Toolbelt } = require('lp-faas-toolbelt')
const secrets = Toolbelt.SecretClient()
const http = Toolbelt.HTTPClient()
const ACCOUNT = process.env.BRAND_ID

async function logIn(secret) {
  const { username, appKey, secret: appSecret, accessToken, accessTokenSecret } = secret.value
  const { bearer } = await http(`https://va.agentvep.liveperson.net/api/account/${ACCOUNT}/login?v=1.3`, {
    method: 'POST',
    json: true,
    body: { username, appKey, secret: appSecret, accessToken, accessTokenSecret },
  })
  secret.value.bearer = bearer
  await secrets.updateSecret(secret)
  console.info('logged in', { headers: { Authorization: `Bearer ${bearer}` } })
  return bearer
}

function readConversation(bearer, conversationId) {
  return http(
    `https://api.liveperson.net/messaging_history/api/account/${ACCOUNT}/conversations/conversation/search`,
    {
      method: 'POST',
      headers: { Authorization: `Bearer ${bearer}` },
      json: true,
      body: { conversationId, contentToRetrieve: ['campaign', 'messageRecords'] },
      simple: false,
      resolveWithFullResponse: true,
    },
  )
}

async function lambda(input, callback) {
  const { convId } = input.payload.general
  const secret = await secrets.readSecret('bot-session')
  let answer = await readConversation(secret.value.bearer || 'none', convId)
  if (answer.statusCode === 401) answer = await readConversation(await logIn(secret), convId)
  const [record] = answer.body.conversationHistoryRecords
  callback(null, [
    { type: 'systemMessage', text: `Skill ${record.info.latestSkillId}, status ${record.info.status}` },
  ])
}
