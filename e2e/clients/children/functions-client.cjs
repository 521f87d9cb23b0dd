// Runs inside the folder of the published clients: calls methods of the unmodified client, prints what came back.
'use strict'
const { createHmac } = require('node:crypto')
const { createRequire } = require('node:module')
const load = createRequire(`${process.cwd()}/`)
const { Client } = load('liveperson-functions-client')
const OAuth = load('oauth-1.0a')

const { options, oauth1, bearer, steps } = JSON.parse(process.argv[2])

/** The published recipe for OAuth1: query signed, body not. */
function oauth1Header({ url, method }) {
  const signer = new OAuth({
    consumer: { key: oauth1.appKey, secret: oauth1.secret },
    signature_method: 'HMAC-SHA1',
    hash_function: (base, key) => createHmac('sha1', key).update(base).digest('base64'),
  })
  const token = { key: oauth1.accessToken, secret: oauth1.accessTokenSecret }
  return signer.toHeader(signer.authorize({ url, method }, token)).Authorization
}

const authStrategy = oauth1
  ? async (asked) => oauth1Header(asked)
  : bearer
    ? async () => `Bearer ${bearer}`
    : options.authStrategy
const client = new Client({ ...options, authStrategy })

function describe(error) {
  const names = []
  for (let at = error; at; at = at.jse_cause) names.push(at.name)
  return { name: error.name, names, message: error.message }
}

async function main() {
  const results = []
  for (const { method, argument } of steps) {
    try {
      const { url, body, ok, status, retryCount } = await client[method](argument).then((value) =>
        typeof value === 'object' && value && 'body' in value ? value : { body: value },
      )
      results.push({ url, body, ok, status, retryCount })
    } catch (error) {
      results.push({ error: describe(error) })
    }
  }
  process.stdout.write(`\nRESULTS ${JSON.stringify(results)}\n`)
}
main()
