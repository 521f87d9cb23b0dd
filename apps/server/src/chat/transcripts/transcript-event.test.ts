import type { TranscriptDecision } from '@parley/contract'
import { afterAll, expect, test } from 'vitest'
import { jsonb } from '#base/store'
import {
  type LiveChatAccount,
  liveChatAccount,
  openTestMailServer,
  startTestServer,
} from '#testing'

const smtp = await openTestMailServer()
const server = await startTestServer({
  env: { PARLEY_SMTP_URL: smtp.url, PARLEY_LOG_LEVEL: 'error' },
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await smtp[Symbol.asyncDispose]()
})
const MINUTE = 60_000

/** Seed 004, with its slips mended: missing braces and brackets, misspelt names, the entry that was never added. */
const SEED_004 = `module.exports = (data, cb) => {
  let allSurveyEmails = [];

  //csatRank value range: 1-5, 1=very dissatisfied, 5=very satisified
  let csatRank = data.payload.csatRank > -1 ? data.payload.csatRank : null;
  let skillName = data.payload.skillName;
  let agentName = data.payload.agentName;
  let questionsAndAnswers = data.payload.questionWithAnswers;

  if(csatRank && csatRank <= 3 && data.payload.skillName.match(/CustomerCare/i) !== null && data.payload.agentName.match(/John Doe/i) !== null){
    let surveyEmail = {};
    surveyEmail.targetEmail = "team@example.com";
    surveyEmail.senderName = "Sender X";
    surveyEmail.senderEmail = "noreply@example.com";
    surveyEmail.subject = "Email Transcript Notification";
    allSurveyEmails.push(surveyEmail);
  }

  //return result
  cb(null, allSurveyEmails);
};`

const returning = (result: string) =>
  `function lambda(input, callback) { callback(null, ${result}) }`
const mailTo = (targetEmail: string, subject = 'Transcript') =>
  JSON.stringify({ targetEmail, senderName: 'X', senderEmail: 'noreply@example.com', subject })
const ruleTo = (ruleId: string, conditions: object) => ({
  ruleId,
  ...conditions,
  mail: JSON.parse(mailTo(`${ruleId}@example.com`)) as object,
})

/** Ends a chat in CustomerCare with John Doe, submits its survey, and waits until all is done. */
async function survey(account: LiveChatAccount, submission: object = { csatRank: 3 }) {
  const chat = await account.ended({ name: 'Ada', text: 'Hello' })
  const submitted = await chat.consumer('POST', '/survey', submission)
  if (submitted.status !== 201) throw new Error(submitted.text)
  await server.clock.advance(0)
  const { decision } = (await account.john('GET', `/chats/${chat.chatId}/transcript`)).json<{
    decision: TranscriptDecision
  }>()
  const receivers = (from: number) => smtp.mails.slice(from).flatMap(({ envelope }) => envelope.to)
  return { chat, decision, receivers }
}

test('the function of seed 004 mails the transcripts of badly rated chats of John Doe in CustomerCare', async () => {
  const account = await liveChatAccount(server)
  await account.deploy('transcripts', SEED_004)
  const before = smtp.mails.length

  const bad = await survey(account, { csatRank: 3 })
  const good = await survey(account, { csatRank: 4 })

  expect(bad.decision).toMatchObject({
    by: 'functions',
    outcome: 'mails',
    sources: ['transcripts'],
    leftOut: [],
  })
  expect(good.decision).toMatchObject({ by: 'functions', outcome: 'none', mailIds: [] })
  const [mail, ...others] = smtp.mails.slice(before)
  expect(others).toEqual([])
  expect(mail).toMatchObject({
    envelope: { from: 'noreply@example.com', to: ['team@example.com'] },
    raw: expect.stringContaining('Subject: Email Transcript Notification\r\n'),
  })
  expect(mail?.raw).toContain('From: Sender X <noreply@example.com>')
})

test('functions get the documented envelope and payload, with answered questions only', async () => {
  const account = await liveChatAccount(server)
  await account.deploy('echo', returning('{ subject: JSON.stringify(input) }'))
  const { chat } = await survey(account, {
    csatRank: 2,
    answers: [{ questionId: 'experience', answer: ['Poor', 'Below Average'] }],
  })
  const record = await server.context.store.db
    .selectFrom('invocation')
    .select(['inputJson', 'source', 'eventId', 'attempt', 'invocationId'])
    .where('accountId', '=', account.accountId)
    .where('conversationId', '=', chat.chatId)
    .executeTakeFirstOrThrow()
  expect({ ...record, input: JSON.parse(record.inputJson!) as unknown }).toMatchObject({
    source: 'Chat Service',
    eventId: 'denver_post_survey_email_transcript',
    attempt: 1,
    input: {
      timestamp: server.clock.now(),
      headers: [{ key: 'X-Request-ID', value: record.invocationId }],
      payload: {
        csatRank: 2,
        skillName: 'CustomerCare',
        agentName: 'John Doe',
        questionWithAnswers: [
          { question: 'How was the chat experience?', answer: 'Poor;Below Average' },
          { question: 'How satisfied were you with this chat?', answer: '2' },
        ],
      },
    },
  })
})

test('rules decide by rank, skill and agent, and are off as soon as a function is deployed', async () => {
  const account = await liveChatAccount(server)
  const { careSkillId, returnsSkillId, johnId, janeId } = account
  await account.setTranscripts({
    rules: [
      ruleTo('low', { csatAtMost: 2 }),
      ruleTo('high', { csatAtLeast: 4 }),
      ruleTo('care', { skillIds: [careSkillId] }),
      ruleTo('returns', { skillIds: [returnsSkillId] }),
      ruleTo('john', { agentIds: [johnId] }),
      ruleTo('jane', { agentIds: [janeId] }),
      ruleTo('off', { enabled: false }),
      ruleTo('both', { csatAtMost: 2, skillIds: [careSkillId], agentIds: [johnId] }),
    ],
  })
  let before = smtp.mails.length
  const low = await survey(account, { csatRank: 2 })
  expect(low.decision).toMatchObject({
    by: 'rules',
    outcome: 'mails',
    sources: ['low', 'care', 'john', 'both'],
  })
  expect(low.receivers(before).toSorted()).toEqual(
    ['both', 'care', 'john', 'low'].map((name) => `${name}@example.com`),
  )
  expect((await survey(account, { csatRank: 5 })).decision.sources).toEqual([
    'high',
    'care',
    'john',
  ])
  expect((await survey(account, { csatRank: 3 })).decision.sources).toEqual(['care', 'john'])

  await account.deploy('silent', returning('[]'))
  before = smtp.mails.length
  const silent = await survey(account, { csatRank: 2 })
  expect(silent.decision).toMatchObject({ by: 'functions', outcome: 'none', sources: ['silent'] })
  expect(smtp.mails).toHaveLength(before)
})

test('the results of several functions are one list', async () => {
  const account = await liveChatAccount(server)
  await account.deploy('one', returning(`[${mailTo('one@example.com')}]`))
  await account.deploy('two', returning(mailTo('two@example.com')))
  await account.deploy('none', returning('[]'))
  const before = smtp.mails.length
  const { receivers, decision } = await survey(account)
  expect(receivers(before).toSorted()).toEqual(['one@example.com', 'two@example.com'])
  expect(decision.mailIds).toHaveLength(2)
})

test.each([
  ['calls back an error', 'function lambda(input, callback) { callback(new Error("no")) }'],
  ['throws', 'function lambda() { null.x }'],
])(
  'a function that %s is final: no mail, also of the others, and no retry',
  async (_what, code) => {
    const account = await liveChatAccount(server)
    await account.setTranscripts({ rules: [ruleTo('all', {})] })
    await account.deploy('fine', returning(`[${mailTo('fine@example.com')}]`))
    await account.deploy('failing', code)
    const before = smtp.mails.length

    const { decision } = await survey(account)
    await server.clock.advance(5 * MINUTE)

    expect(decision).toMatchObject({ by: 'functions', outcome: 'failed', mailIds: [] })
    expect(decision.error).toMatch(/^failing: com\.liveperson\.faas\.handler\./)
    expect(smtp.mails).toHaveLength(before)
    const calls = await server.context.store.db
      .selectFrom('invocation')
      .select('attempt')
      .where('accountId', '=', account.accountId)
      .where('errorCode', 'is not', null)
      .execute()
    expect(calls).toEqual([{ attempt: 1 }])
  },
)

test('entries that are no mails are left out and listed, the others are sent', async () => {
  const account = await liveChatAccount(server)
  const smuggler = mailTo('a@example.com', 'Hi\r\nBcc: all@example.com')
  const wrong = `{ senderName: 'X', senderEmail: 'x@example.com', subject: 'no target' }`
  const list = mailTo('a@example.com, b@example.com')
  await account.deploy(
    'mixed',
    returning(`[${smuggler}, ${wrong}, 5, ${list}, ${mailTo('ok@example.com')}]`),
  )
  const before = smtp.mails.length
  const { decision, receivers } = await survey(account)
  expect(receivers(before)).toEqual(['ok@example.com'])
  expect(decision.leftOut).toMatchObject([
    { position: 0, reason: expect.stringContaining('subject: must not contain line breaks') },
    { position: 1, reason: expect.stringContaining('targetEmail') },
    { position: 2, reason: expect.stringContaining('object') },
    { position: 3, reason: expect.stringContaining('targetEmail') },
  ])
})

test('a decision that a node of version 0.1.0 has stored is read', async () => {
  const account = await liveChatAccount(server)
  const { chat, decision } = await survey(account)
  const stored = { ...decision, leftOut: [{ position: 0, why: 'targetEmail: is missing' }] }
  await server.context.store.db
    .updateTable('document')
    .set({ state: jsonb(stored) })
    .where('kind', '=', 'transcript')
    .where('id', '=', chat.chatId)
    .execute()

  const read = await account.john('GET', `/chats/${chat.chatId}/transcript`)

  expect(read.json()).toMatchObject({
    decision: { leftOut: [{ position: 0, reason: 'targetEmail: is missing' }] },
  })
})

test('of 10,000 entries a hundred are sent, and the rest is counted', async () => {
  const account = await liveChatAccount(server)
  const entry = `{ targetEmail: 'n' + n + '@x.com', senderName: '', senderEmail: 'a@b.co', subject: '' }`
  const many = `Array.from({ length: 10000 }, (_, n) => (${entry}))`
  await account.deploy('many', returning(many))
  const before = smtp.mails.length
  const { decision } = await survey(account)
  expect(decision).toMatchObject({ outcome: 'mails', moreLeftOut: 9800 })
  expect(smtp.mails.length - before).toBe(100)
  expect(decision.mailIds).toHaveLength(100)
})

test('results that are no mails at all send nothing and are no error', async () => {
  const account = await liveChatAccount(server)
  const odd = ['"a text"', 'null', 'undefined', '7', '{}', '[[]]', 'true']
  const chosen = 'input.payload.questionWithAnswers[0].answer'
  await account.deploy('odd', returning(`[${odd.join(', ')}][${chosen}]`))
  const before = smtp.mails.length
  for (const index of odd.keys()) {
    const answers = [{ questionId: 'why', answer: String(index) }]
    const { decision } = await survey(account, { csatRank: 1, answers })
    expect(decision).toMatchObject({ outcome: 'none', by: 'functions' })
  }
  expect(smtp.mails).toHaveLength(before)
})

test.each([
  ['an address that is not set', 'ceo@elsewhere.example', ['noreply@example.com', '@example.org']],
  ['a domain that only ends like one that is set', 'a@not-example.com', ['@example.com']],
  ['a part of a domain that is set', 'a@mail.example.com', ['@example.com']],
  ['any address where none is set', 'noreply@example.com', []],
])('a mail of a function from %s is held until a user sends it', async (_what, sender, senders) => {
  const account = await liveChatAccount(server)
  await account.setTranscripts({ senders })
  const mail = { targetEmail: 'r@example.com', senderName: 'X', senderEmail: sender, subject: 'Y' }
  await account.deploy('transcripts', returning(JSON.stringify([mail])))
  const before = smtp.mails.length

  const { chat, receivers } = await survey(account)

  const listed = await account.admin('GET', `/mails?chatId=${chat.chatId}`)
  const [held] = listed.json<{ mails: { mailId: string }[] }>().mails
  expect(held).toMatchObject({
    state: 'held',
    heldBecause: 'senderEmail is none of the senders of transcript-settings',
  })
  expect(receivers(before)).toEqual([])
  await account.admin('POST', `/mails/${held?.mailId}/send`)
  await server.clock.advance(0)
  expect(receivers(before)).toEqual(['r@example.com'])
  const sent = (await account.admin('GET', `/mails/${held?.mailId}`)).json<{ mail: object }>()
  expect(sent.mail).toMatchObject({ state: 'sent' })
  expect(sent.mail).not.toHaveProperty('heldBecause')
})

test.each([
  ['an address', 'NoReply@Example.com', ['noreply@example.COM']],
  ['a domain', 'anybody@example.com', ['@EXAMPLE.com']],
])(
  'a mail of a function leaves from %s that is set, however it is written',
  async (_what, sender, senders) => {
    const account = await liveChatAccount(server)
    await account.setTranscripts({ senders })
    const mail = {
      targetEmail: 'r@example.com',
      senderName: 'X',
      senderEmail: sender,
      subject: 'Y',
    }
    await account.deploy('transcripts', returning(JSON.stringify([mail])))
    const before = smtp.mails.length

    expect((await survey(account)).receivers(before)).toEqual(['r@example.com'])
  },
)
