import { join } from 'node:path'
import { expect, test } from 'vitest'
import { BOTS, type Export, exportOf, givenFile, parley, talkTo } from './bot.fixture.ts'

async function check(file: string, ...options: string[]) {
  const { stdout, ...rest } = await parley(['check', file, '--json', ...options])
  return { ...rest, check: JSON.parse(stdout) as Check }
}

interface Check {
  warnings: { interaction: string; what: string }[]
  failures: { interaction: string; what: string }[]
  hosts: string[]
  uses: Record<string, Record<string, number>>
}

test('parley bot check lists what an export uses, its hosts and what is not there', async () => {
  const { code, stdout } = await parley(['check', join(BOTS, 'city-guide.json')])

  expect(code).toBe(0)
  expect(stdout).toContain('"City guide": 2 dialogs, 10 interactions, 2 integrations')
  expect(stdout).toContain('Calls these hosts, which must be allowed\n  127.0.0.1\n')
  expect(stdout).toContain(' deleteContextDataForConversation 1,')
  expect(stdout).toContain('It runs, but for what the warnings say.')
  expect((await parley(['check', join(BOTS, 'pizza.json')])).stdout).toContain(
    'Everything in it runs.',
  )
})

test('the bots of this repository use every row of what runs, and nothing else', async () => {
  const { ACTION_VALUES, CALLS, CONTEXT_MATCH_TYPES, EMPTY_CALLS, HOOKS, ...lists } =
    await import('@parley/server/builder-file')
  const checks = await Promise.all(
    ['pizza', 'city-guide', 'help-desk'].map((name) => check(join(BOTS, `${name}.json`))),
  )
  const used = (kind: string) =>
    [...new Set(checks.flatMap(({ check: { uses } }) => Object.keys(uses[kind] ?? {})))].toSorted()

  expect(used('interaction')).toEqual(lists.INTERACTION_TYPES.toSorted())
  expect(used('condition')).toEqual(lists.MATCH_TYPES.toSorted())
  expect(used('context condition')).toEqual(CONTEXT_MATCH_TYPES.toSorted())
  expect(used('action')).toEqual([...ACTION_VALUES, 'DIALOG id', 'id'].toSorted())
  expect(used('scope')).toEqual(lists.VARIABLE_SCOPES.toSorted())
  expect(used('integration')).toEqual(lists.INTEGRATION_TYPES.toSorted())
  expect(used('hook')).toEqual(HOOKS.toSorted())
  expect(used('call')).toEqual([...CALLS, ...EMPTY_CALLS].toSorted())
  expect(checks.flatMap(({ check: { failures } }) => failures)).toEqual([])
})

test('parley bot check fails on what would not run, each by its name', async () => {
  const bot = exportOf('pizza')
  const [, , question] = bot.conversationMessage
  const rule = (question!['responseMatches'] as Record<string, unknown>[])[0]!
  bot.conversationMessage.push({ ...question, id: 'x1', name: 'Odd', interactionType: 'HOLOGRAM' })
  const card = (leMessageJson: string) => ({
    results: { tile: { tileData: [{ universalWidget: { leMessageJson } }] } },
  })
  const cards = { wrong: '{"type": "hologram"}', broken: '{', made: '{$botContext.card}' }
  for (const [name, text] of Object.entries(cards)) {
    const step = { id: name, name, interactionType: 'UNIVERSAL', responseMatches: [] }
    bot.conversationMessage.push({ ...question, ...step, content: card(text) })
  }
  rule['conditions'] = [
    { matchType: 'SMELL' },
    { matchType: 'REGEX', regexMatch: { regexText: '(' } },
  ]
  rule['contextMatchConditionType'] = 'MOST'
  question!['content'] = {
    results: { tile: { tileData: [{ text: '{$weather.now}', buttons: [{ type: 'call' }] }] } },
  }
  rule['contextConditions'] = [{ contextName: 'a', matchType: 'LIKES', value: 'b' }]
  rule['contextDataVariables'] = [{ name: 'a', value: 'b', scope: 'GALAXY' }]
  rule['action'] = { name: 'TELEPORT', value: 'home' }
  question!['preProcessMessage'] = "botContext.orderTaxi(); botContext['callCab']()"
  question!['postProcessMessage'] = 'var = 1'
  question!['quickReplies'] = [{ type: 'location', title: 'Where I am' }]
  question!['type'] = 'USER_MESSAGE'
  question!['pattern'] = ['x'.repeat(2_001)]
  bot.responder.push({ id: 'r', name: 'Fax', integrationType: 'FAX' })
  bot.responder.push({ id: 's', name: 'Nowhere', method: 'BREW', retries: 3 })
  bot.responder.push({ id: 't', name: 'No function', integrationType: 'FAAS' })
  Object.assign(bot.bot, { version: '3', chatBotType: 'POST_SURVEY', passThroughMode: true })
  Object.assign(bot.bot, { botAttributes: { ENABLE_DEBUG: 'true', DEFAULT_ERROR_MESSAGE: 'Oh!' } })
  Object.assign(bot.groups[0]!, { dialogType: 'AUTO_ESCALATION' })
  Object.assign(bot, { hologram: { enabled: true }, empty: [], none: { enabled: false, x: 1 } })

  const { check: found, code } = await check(givenFile(bot))

  expect(code).toBe(1)
  expect(found.failures.map(({ interaction, what }) => `${interaction}: ${what}`)).toEqual(
    expect.arrayContaining([
      'Odd: interaction "HOLOGRAM" does not run',
      'What do you want: condition "SMELL" does not run',
      'What do you want: context condition "LIKES" does not run',
      'What do you want: scope "GALAXY" does not run',
      'What do you want: action "TELEPORT" does not run',
      'What do you want: call "orderTaxi" does not run',
      'What do you want: context match "MOST" does not run',
      'What do you want: button "call" does not run',
      'Fax: integration "FAX" does not run',
      'What do you want: call "callCab" does not run',
      'What do you want: has a mistake in postProcessMessage: Unexpected token (1:4)',
      'What do you want: quick reply "location" does not run',
      'What do you want: message type "USER_MESSAGE" does not run',
      'What do you want: has a pattern of more than 2000 characters',
      expect.stringContaining('What do you want: has an expression that is never found'),
      expect.stringMatching(/^wrong: has a card that is not shown: ./),
      expect.stringMatching(/^broken: has a card that is not shown: .*JSON/),
      'Nowhere: method "BREW" does not run',
      'Nowhere: has no address that can be called: ""',
      'Nowhere: member "retries" does not run',
      'No function: names no function ("lambdaUuid")',
      'Pizza: bot version "3" does not run',
      'Pizza: bot type "POST_SURVEY" does not run',
      'Pizza: member "passThroughMode" does not run',
      'Pizza: member "DEFAULT_ERROR_MESSAGE" does not run',
      'Pizza: member "hologram" does not run',
      'Hello: dialog type "AUTO_ESCALATION" does not run',
    ]),
  )
  expect(found.failures.map(({ interaction }) => interaction)).not.toContain('made')
})

/** The switches of the vendor's builder, in all interactions of a bot. */
function withSwitches(enabled: boolean): Export {
  const bot = exportOf('pizza')
  for (const interaction of bot.conversationMessage) {
    Object.assign(interaction, { changeResponse: { enabled }, cancelResponse: { enabled } })
  }
  return bot
}

test('a member that is switched on and that nothing reads fails, unless it is accepted', async () => {
  const on = givenFile(withSwitches(true))
  const failing = await check(on)
  const { code, stdout } = await parley(['check', on])
  const accepted = await check(on, '--accept', 'changeResponse', '--accept', 'cancelResponse')
  const off = await check(givenFile(withSwitches(false)))

  const lines = ['member "changeResponse" does not run', 'member "cancelResponse" does not run']
  expect(failing.code).toBe(1)
  expect(new Set(failing.check.failures.map(({ what }) => what))).toEqual(new Set(lines))
  expect(code).toBe(1)
  expect(stdout).toContain('Will not run\n')
  expect(stdout).toContain('  What do you want: member "changeResponse" does not run\n')
  expect(accepted.code).toBe(0)
  expect(accepted.check.failures).toEqual([])
  expect(accepted.check.warnings.map(({ what }) => what)).toEqual(expect.arrayContaining(lines))
  expect([off.code, off.check.failures]).toEqual([0, []])
  // One of two greetings, by chance.
  const said = async (file: string) =>
    (await talkTo(file, ['hi', 'bye'])).stdout.replaceAll('Nice to see you', 'Welcome')
  expect(await said(on)).toBe(await said(givenFile(exportOf('pizza'))))
})

test('dangling ids and names are warnings with the name of the interaction', async () => {
  const bot = exportOf('help-desk')
  const topic = bot.conversationMessage.find(({ id }) => id === 'topic')!
  ;(topic['responseMatches'] as { action: object }[])[0]!.action = {
    name: 'INTERACTION',
    value: 'gone',
  }
  Object.assign(
    bot.conversationMessage.find(({ id }) => id === 'who')!,
    { nextMessageId: 'lost' },
  )
  bot.responder = []

  const { check: found, code } = await check(givenFile(bot))
  const { stdout } = await talkTo(givenFile(bot), ['help', 'help'])

  expect(code).toBe(0)
  expect(found.warnings.map(({ interaction, what }) => `${interaction}: ${what}`)).toEqual(
    expect.arrayContaining([
      'Who: is followed by "lost", which is not there',
      'Topic: goes to an interaction "gone" that is not there',
      'Ask the function: calls an integration "Order status" that is not there',
      'Topic: goes to "Welcome Back" in processUserResponse, and no interaction has that name',
    ]),
  )
  expect(stdout).toContain('note: Who: There is no id "lost": the dialog ends here')
})

test('calls that only running code would tell are a warning', async () => {
  const bot = exportOf('pizza')
  const [, first, second, third] = bot.conversationMessage
  first!['preProcessMessage'] = "botContext['order' + 'Taxi']()"
  second!['preProcessMessage'] = 'var bot = botContext; bot.orderTaxi()'
  third!['preProcessMessage'] = 'botContext.getBotVariable("botContext")'

  const { check: found } = await check(givenFile(bot))

  expect(found.warnings).toEqual(
    [first, second].map((step) => ({
      interaction: step!['name'],
      what: 'hides calls of botContext in preProcessMessage: they are not checked',
    })),
  )
})

const big = (count: number) => ({
  bot: { id: 'b', name: 'Big' },
  groups: [],
  conversationMessage: Array.from({ length: count }, (_none, index) => ({
    id: `i${index}`,
    name: 'x',
    group: 'g',
    interactionType: 'TEXT',
  })),
})

test.each([
  ['no JSON', '{"bot":', /The export is not JSON/],
  ['another JSON', '{"name": "x"}', /one JSON object with "bot" .*bot: .*conversationMessage: /],
  ['a list', '[]', /one JSON object with "bot"/],
  ['a wrong member', { ...big(1), groups: 'none' }, /groups: must be a list/],
  [
    'two interactions with one id',
    {
      ...big(1),
      conversationMessage: [...big(1).conversationMessage, ...big(1).conversationMessage],
    },
    /conversationMessage\.1\.id: is the id of conversationMessage\.0, too/,
  ],
  ['5,001 interactions', big(5_001), /conversationMessage: .*5000/],
  ['more than 2 MB', { ...big(1), comment: 'x'.repeat(2_100_000) }, /it may have 2097152/],
])('a file with %s is refused with what was expected', async (_name, content, message) => {
  const { code, stderr } = await parley(['check', givenFile(content)])

  expect(stderr).toMatch(message)
  expect(code).toBe(1)
})

test('parley bot talk names the option, the file and the member that is wrong, and what is no export', async () => {
  const file = givenFile({ Weather: { status: 'good' } })

  const { code, stderr } = await talkTo(join(BOTS, 'pizza.json'), [], ['--answers', file])
  const noBot = await talkTo(file, [])

  expect(code).toBe(1)
  expect(stderr).toMatch(/^--answers: .*Weather\.status/s)
  expect(noBot.code).toBe(1)
  expect(noBot.stderr).toMatch(/one JSON object with "bot" .*bot: .*conversationMessage: /)
})
