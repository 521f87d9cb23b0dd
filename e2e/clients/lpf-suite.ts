import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { appToken, call, login, request, type Session } from '@parley/client'
import { type FunctionSummary, getFunction, listFunctions } from '@parley/contract'
import { eventually } from '../live/eventually.ts'
import { expectThat, type Operations } from './operations.ts'
import type { Ran, WithParley } from './with-parley.ts'

const GREET = `function lambda(input, callback) {
  console.info('greeting', input.payload.name)
  callback(null, 'Hello ' + input.payload.name + ' in ' + process.env.PLACE)
}
`

interface Project {
  lpf(...words: string[]): Promise<Ran>
  write(name: string, file: 'index.js' | 'config.json', content: string): void
  read(name: string, file: 'index.js' | 'config.json'): string
}

/** A folder as `lpf init` lays it out; init itself would fetch packages and never speaks to a server. */
function openProject(withParley: WithParley): Project {
  const folder = mkdtempSync(join(withParley.clients, 'lpf-'))
  mkdirSync(join(folder, 'bin'))
  mkdirSync(join(folder, 'functions'))
  writeFileSync(join(folder, 'functions', 'settings.json'), '{}')
  const lpf = join(withParley.clients, 'node_modules', '.bin', 'lpf')
  return {
    lpf: (...words) => withParley.run([lpf, ...words], { cwd: folder }),
    write: (name, file, content) => writeFileSync(join(folder, 'functions', name, file), content),
    read: (name, file) => readFileSync(join(folder, 'functions', name, file), 'utf8'),
  }
}

async function findByName(session: Session, name: string): Promise<FunctionSummary | undefined> {
  const { functions } = await call(session, listFunctions, { query: { name } })
  return functions.find((candidate) => candidate.name === name)
}

async function stateOf(session: Session, name: string): Promise<string | undefined> {
  return (await findByName(session, name))?.state
}

async function invokeFromOutside(withParley: WithParley, functionId: string): Promise<unknown> {
  const { endpoint, firstRun } = withParley.parley
  return await request(endpoint.url, {
    method: 'POST',
    path: `/api/account/${endpoint.accountId}/lambdas/${functionId}/invoke?v=1&externalSystem=clients`,
    bearer: await appToken(endpoint, firstRun.client),
    body: { timestamp: 0, headers: [], payload: { name: 'outside' } },
  })
}

/** Every command of the published command line. Its exit code is 0 for many failures: text and server are asked. */
export async function showLpf(withParley: WithParley, { show }: Operations): Promise<void> {
  const { endpoint, firstRun } = withParley.parley
  const { user, password } = firstRun.admin
  const session = await login(endpoint, firstRun.admin)
  const { lpf, write, read } = openProject(withParley)
  const startedAt = Date.now()

  await show('lpf login with a wrong password', async () => {
    const { code, text } = await lpf(
      'login',
      '-a',
      endpoint.accountId,
      '-u',
      user,
      '-p',
      'wrong-password',
    )
    expectThat(code === 1, text)
  })
  await show('lpf login', async () => {
    const { code, text } = await lpf('login', '-a', endpoint.accountId, '-u', user, '-p', password)
    expectThat(code === 0, text)
  })
  await show('lpf create:function', async () => {
    await lpf('create:function', '-n', 'clients_greet', '-d', 'says hello', '-e', 'No Event')
    expectThat(read('clients_greet', 'index.js').includes('lambda'), 'no source was created')
  })
  await show('lpf push (new)', async () => {
    const config = JSON.parse(read('clients_greet', 'config.json'))
    const environmentVariables = [{ key: 'PLACE', value: 'Parley' }]
    const input = { headers: [], payload: { name: 'Ada' } }
    write(
      'clients_greet',
      'config.json',
      JSON.stringify({ ...config, environmentVariables, input }),
    )
    write('clients_greet', 'index.js', GREET)
    const { code, text } = await lpf('push', 'clients_greet', '--yes')
    expectThat(code === 0 && (await stateOf(session, 'clients_greet')) === 'Draft', text)
  })
  await show('lpf push (unchanged)', async () => {
    const { text } = await lpf('push', 'clients_greet', '--yes')
    expectThat(text.includes('no changes compared to the server version'), text)
  })
  await show('lpf push (changed)', async () => {
    const before = await findByName(session, 'clients_greet')
    write('clients_greet', 'index.js', `${GREET}// changed\n`)
    const { text } = await lpf('push', 'clients_greet', '--yes')
    const after = await findByName(session, 'clients_greet')
    expectThat((after?.version ?? 0) > (before?.version ?? 0), text)
  })
  await show('lpf push (invalid source)', async () => {
    const before = await findByName(session, 'clients_greet')
    write('clients_greet', 'index.js', 'function lambda(input, callback) { callback(null, ')
    const { code, text } = await lpf('push', 'clients_greet', '--yes')
    const after = await findByName(session, 'clients_greet')
    expectThat(code === 1 && text.includes('is not a valid lambda'), text)
    expectThat(after?.version === before?.version, 'a broken version was saved')
  })
  await show('lpf pull', async () => {
    const { text } = await lpf('pull', 'clients_greet', '--yes')
    expectThat(read('clients_greet', 'index.js') === `${GREET}// changed\n`, text)
  })
  await show('lpf deploy', async () => {
    const { code, text } = await lpf('deploy', 'clients_greet', '--yes')
    expectThat(code === 0 && (await stateOf(session, 'clients_greet')) === 'Productive', text)
  })
  await show('lpf get functions, deployments, account, events', async () => {
    const { code, text } = await lpf('get', 'functions', 'deployments', 'account', 'events')
    expectThat(code === 0, text)
    for (const word of [
      'clients_greet',
      'Up to date',
      'Deploy Finish',
      '/ 1000000',
      'controllerbot_messaging_new_conversation',
    ]) {
      expectThat(text.includes(word), `no "${word}" in:\n${text}`)
    }
  })
  await show('lpf invoke', async () => {
    // Pulled from the server, the input is the sample payload again.
    const config = JSON.parse(read('clients_greet', 'config.json'))
    const input = { headers: [], payload: { name: 'Ada' } }
    write('clients_greet', 'config.json', JSON.stringify({ ...config, input }))
    const { text } = await lpf('invoke', 'clients_greet')
    expectThat(/"result": "Hello Ada in Parley"/.test(text), text)
    expectThat(/"message": "greeting"/.test(text) && /"level": "Info"/.test(text), text)
  })
  await show('lpf logs', async () => {
    const functionId = (await findByName(session, 'clients_greet'))?.functionId ?? ''
    await invokeFromOutside(withParley, functionId)
    const text = await eventually('A log row', async () => {
      const ran = await lpf('logs', 'clients_greet', `--start=${startedAt}`, '--levels=Info')
      return ran.text.includes('greeting') ? ran.text : undefined
    })
    expectThat(text.includes('lambdaUUID;requestID;timestamp;level;message;extras'), text)
  })
  await show('lpf logs (of a period that is too long)', async () => {
    const { code, text } = await lpf('logs', 'clients_greet', '--start=1')
    expectThat(code === 1 && text.includes('must begin at most 7 days before its end'), text)
  })
  await show('lpf metrics', async () => {
    for (const output of ['csv', 'json']) {
      const { text } = await lpf('metrics', 'clients_greet', '--last=1h', `--output=${output}`)
      expectThat(!text.includes('MISSING HEADER LABEL'), text)
      const succeeded = output === 'json' ? /'Successful Invocations': [1-9]/ : /,[1-9]/
      expectThat(succeeded.test(text), text)
    }
  })
  await show('lpf create:schedule', async () => {
    const { text } = await lpf('create:schedule', '-f', 'clients_greet', '-c', '*/5 * * * *')
    expectThat(/\d{4}|\d{1,2}:\d{2}/.test(text) && !/undefined|error/i.test(text), text)
  })
  await show('lpf add:domain', async () => {
    const { text } = await lpf('add:domain', '*.example.com', 'a-domain.co.uk')
    expectThat(text.includes('*.example.com') && text.includes('a-domain.co.uk'), text)
    expectThat(!/undefined|error/i.test(text), text)
  })
  await show('lpf undeploy', async () => {
    const { text } = await lpf('undeploy', 'clients_greet', '--yes')
    expectThat((await stateOf(session, 'clients_greet')) === 'Draft', text)
  })
  await show('lpf push (new, with an event) and pull --all', async () => {
    const event = 'controllerbot_messaging_conversation_end'
    await lpf('create:function', '-n', 'clients_end', '-d', 'hears the end', '-e', event)
    await lpf('push', 'clients_end', '--yes')
    const { functionId = '' } = (await findByName(session, 'clients_end')) ?? {}
    const { eventId, code } = await call(session, getFunction, { params: { functionId } })
    expectThat(eventId === event, `pushed with the event ${eventId}`)
    write('clients_end', 'index.js', '')
    const { text } = await lpf('pull', '--all', '--yes')
    expectThat(read('clients_end', 'index.js') === code, text)
  })
  await show('lpf login after a logout', async () => {
    await lpf('logout', '-a', endpoint.accountId)
    const { code, text } = await lpf('login', '-a', endpoint.accountId, '-u', user, '-p', password)
    expectThat(code === 0, text)
    const listed = await lpf('get', 'functions')
    expectThat(listed.text.includes('clients_greet'), listed.text)
  })
  await show('lpf logout', async () => {
    const { code, text } = await lpf('logout', '-a', endpoint.accountId, '--delete')
    expectThat(code === 0, text)
  })
  await show('lpf login with a token (SSO)', async () => {
    const words = ['login', '--token', session.bearer, '--userId', session.userId, '--accountId']
    await lpf(...words, endpoint.accountId)
    const { text } = await lpf('get', 'functions')
    expectThat(text.includes('clients_greet'), text)
  })
}
