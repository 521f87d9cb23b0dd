// Runs inside the folder of the published clients: calls methods of the unmodified client, prints what came back.
'use strict'
const { createHmac } = require('node:crypto')
const { createRequire } = require('node:module')
const load = createRequire(`${process.cwd()}/`)
const { Client } = load('liveperson-functions-client')
const OAuth = load('oauth-1.0a')

const { options, oauth1, bearer, steps, together } = JSON.parse(process.argv[2])

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

async function take({ method, argument }) {
  try {
    const value = await client[method](argument)
    const answer = typeof value === 'object' && value && 'body' in value ? value : { body: value }
    const { url, body, ok, status, retryCount } = answer
    return { url, body, ok, status, retryCount }
  } catch (error) {
    return { error: describe(error) }
  }
}

/** Lets whoever started this do something in between: it answers by a line. */
function pause() {
  process.stdout.write('PAUSED\n')
  return new Promise((resolve) => process.stdin.once('data', resolve))
}

async function main() {
  const results = []
  if (together) results.push(...(await Promise.all(steps.map(take))))
  else {
    for (const step of steps) {
      if (step.method === 'pause') await pause()
      else results.push(await take(step))
    }
  }
  process.stdout.write(`\nRESULTS ${JSON.stringify(results)}\n`)
  process.stdin.unref()
}
main()
