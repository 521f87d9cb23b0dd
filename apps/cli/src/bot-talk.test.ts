import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { expect, onTestFinished, test } from 'vitest'
import { BOTS, type Export, exportOf, fileOf, givenFile, talkTo } from './bot.fixture.ts'
import { PATIENT_SERVER } from '../../server/testing/patience.ts'

/** The port that the city guide's export names; the test's own server listens elsewhere. */
const PORT_IN_EXPORT = '4899'

/** An HTTP API of a customer; answers what it was asked. */
async function givenApi() {
  const seen: string[] = []
  const server = createServer(PATIENT_SERVER, (request, answer) => {
    void text(request).then((body) => {
      seen.push([request.method, request.url, request.headers['x-unit'], body].join(' '))
      if (request.url?.includes('Nowhere')) answer.statusCode = 500
      const days = [
        { name: 'Mon', degrees: 20 },
        { name: 'Tue', degrees: 22 },
      ]
      const saved = request.method === 'POST' && { ok: `yes ${JSON.parse(body).city}` }
      answer.end(JSON.stringify(saved || { text: 'sunny', days }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { seen, port: String((server.address() as AddressInfo).port) }
}

/** What was said in a transcript: lines of the consumer begin with `> `. */
const linesOf = (transcript: string) =>
  transcript.split('\n').flatMap((line) => (line.startsWith('> ') ? [line.slice(2)] : []))

test('parley bot talk leads through the dialogs of a bot: questions, rules, cards, scopes', async () => {
  const transcript = fileOf('pizza.txt')

  const { stdout } = await talkTo(join(BOTS, 'pizza.json'), linesOf(transcript))

  // One of two greetings, by chance.
  expect(stdout.replaceAll('Nice to see you', 'Welcome')).toBe(transcript)
})

test('parley bot talk calls an HTTP API by the egress rules and reads its answer', async () => {
  const { port, seen } = await givenApi()
  const file = givenFile(fileOf('city-guide.json').replaceAll(PORT_IN_EXPORT, port))
  const transcript = fileOf('city-guide.txt')
  const facts = ['--facts', join(BOTS, 'facts.json')]

  const open = await talkTo(file, linesOf(transcript), [...facts, '--private', `127.0.0.1:${port}`])
  const refused = await talkTo(file, ['weather', 'Rome'], ['--allow', 'api.example.com'])

  expect(open.stdout).toBe(transcript)
  expect(seen.slice(0, 2)).toEqual([
    'GET /weather?city=Rome F ',
    'POST /questions  {"city": "Rome", "said": "Rome"}',
  ])
  expect(refused.stdout).toContain('The weather service does not answer for Rome.')
  expect(refused.stdout).toContain(
    'FAILED: Weather: 127.0.0.1 is not on the list of allowed domains',
  )
  expect(await talkTo(file, [], ['--allow', '127.0.0.1'])).toMatchObject({
    stderr: expect.stringContaining('It must be a name, not an address.'),
  })
})

test('parley bot talk takes canned answers, hands over, and stops a bot that asks nothing', async () => {
  const transcript = fileOf('help-desk.txt')

  const { stdout } = await talkTo(join(BOTS, 'help-desk.json'), linesOf(transcript), [
    `--facts=${join(BOTS, 'facts.json')}`,
    `--answers=${join(BOTS, 'answers.json')}`,
  ])

  expect(stdout).toBe(transcript)
})

test('a function without a canned answer has FAILED, and the bot goes on', async () => {
  const { stdout } = await talkTo(join(BOTS, 'help-desk.json'), ['help', 'Order'])

  expect(stdout).toContain(
    'note: Ask the function: FAILED: Order status: a function needs a server',
  )
  expect(stdout).toContain('(hands over to skill 4711)')
})

/** A bot whose messages each lead to one TEXT with this code before it. */
function botOf(codes: Record<string, string>, globalFunctions = ''): Export {
  const base = exportOf('help-desk')
  const group = 'd-loop'
  const steps = Object.entries(codes).flatMap(([said, preProcessMessage]) => [
    {
      id: `s-${said}`,
      name: `s-${said}`,
      group,
      interactionType: 'DIALOG_STARTER',
      pattern: [said],
      nextMessageId: said,
    },
    {
      id: said,
      name: said,
      group,
      interactionType: 'TEXT',
      preProcessMessage,
      content: { results: { tile: { tileData: [{ text: `after ${said}, {$botContext.x}` }] } } },
    },
  ])
  const kept = base.conversationMessage.filter((step) => step['group'] === 'd-fallback')
  return {
    ...base,
    conversationMessage: [...steps, ...kept],
    globalFunctions: { methods: globalFunctions },
  }
}

test('code that loops, throws, floods or calls what is not there is noted, and the bot goes on', async () => {
  const file = givenFile(
    botOf({
      loops: 'for (;;) {}',
      throws: "botContext.setBotVariable('x', 'kept', true, false); throw new Error('boom')",
      floods: 'for (;;) botContext.sendMessage("again")',
      misses: 'botContext.orderTaxi()',
      broken: 'var = 1',
      leaks: "leaked = 'x'",
      finds: "botContext.setBotVariable('x', typeof leaked, false, false)",
      endless: 'botContext.sendMessage(new Array(300000).join("a"))',
      proto: "botContext.setBotVariable('__proto__', 'x', true, true)",
      types: "botContext.setBotVariable('x', { a: [1] }, true, false)",
    }),
  )

  const said = [
    'loops',
    'throws',
    'floods',
    'misses',
    'broken',
    'leaks',
    'finds',
    'endless',
    'proto',
    'types',
    'nothing',
  ]
  const { code, stdout } = await talkTo(file, said, ['--code-limit', '5000'])

  expect(code).toBe(0)
  const [, loops, throws, floods, misses, broken, , finds, endless, proto, types, nothing] = stdout
    .split(/^> .*\n/m)
    .map((part) =>
      part
        .trim()
        .split(/\n */)
        .map((line) => line.trim()),
    )
  expect(loops).toEqual(['after loops,', 'note: loops: Code: Lambda Execution is taking too long'])
  expect(throws).toEqual(['after throws, kept', 'note: throws: Code: Error: boom'])
  expect(floods?.filter((line) => line === 'again')).toHaveLength(48)
  expect(floods).toContain('note: floods: Code: Error: More than 1000 calls')
  expect(misses?.at(-1)).toContain('TypeError: botContext.orderTaxi is not a function')
  expect(broken?.at(-1)).toContain('SyntaxError')
  expect(finds).toEqual(['after finds, undefined'])
  expect(endless?.[0]).toHaveLength(8_000)
  expect(proto?.[0]).toBe('after proto, kept')
  expect(types?.[0]).toBe('after types, {"a":[1]}')
  expect(nothing).toEqual(['Say "help".'])
})

test('an expression that backtracks without end is stopped, and counts as not found', async () => {
  const bot = exportOf('pizza')
  const count = bot.conversationMessage.find(({ id }) => id === 'count') as never as {
    responseMatches: { conditions: { regexMatch?: { regexText: string } }[] }[]
  }
  count.responseMatches[0]!.conditions[0]!.regexMatch!.regexText = '^(a+)+$'
  const said = ['order', '1', 'a', `${'a'.repeat(40)}!`, 'aa']

  const { stdout } = await talkTo(givenFile(bot), said)

  expect(stdout).toContain('note: How many: The expression "^(a+)+$": Lambda Execution is taking')
  expect(stdout).toContain('A number, please.\nHow many?\n')
  expect(stdout).toContain('> aa\nWhat is your name?')
})

test('one of several texts is picked by chance', async () => {
  const { stdout } = await talkTo(
    join(BOTS, 'pizza.json'),
    Array.from({ length: 40 }, (_none, index) => (index % 2 === 0 ? 'hello' : 'see the menu')),
  )

  expect(stdout).toContain('\nWelcome')
  expect(stdout).toContain('\nNice to see you')
})
