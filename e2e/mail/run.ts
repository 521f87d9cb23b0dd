import assert from 'node:assert/strict'
import { parseArgs } from 'node:util'
import { call } from '@parley/client'
import * as contract from '@parley/contract'
import PostalMime from 'postal-mime'
import { eventually } from '../live/eventually.ts'
import { newDataDir, startParley } from '../live/parley.ts'
import {
  deployDecision,
  endAndRate,
  PASSWORD,
  setStage,
  type Stage,
  startChat,
} from './chat-stage.ts'
import { ensurePostfix, type Postfix, startPostfix } from './postfix.ts'
import { removeFolder } from '../live/remove-folder.ts'

const { values } = parseArgs({ options: { short: { type: 'boolean', default: false } } })
const LINES = values.short ? 200 : 5000
const SENDER = 'noreply@readers.test'

/** Decides as seed 004 does. Besides, it requests a mail that is refused and one that is returned. */
const DECISION = `module.exports = (data, cb) => {
  const { csatRank, skillName, agentName } = data.payload
  const mails = []
  if (csatRank <= 3 && /CustomerCare/i.test(skillName) && /John Doe/i.test(agentName)) {
    for (const name of ['team', 'nobody', 'gone']) {
      mails.push({ targetEmail: name + '@readers.test', senderName: 'Müller & Söhne, GmbH', senderEmail: '${SENDER}', subject: 'Ihr Chat — ' + csatRank + ' ★' })
    }
  }
  cb(null, mails)
}`

/** What would hurt if it were markup, a header, a dot on its own line or another's line. */
function lineText(index: number): string {
  const kinds = [
    `<script>alert(${index})</script> & "quotes" 'n' all`,
    '.',
    `Grüße, 転写 😀 ${index}`,
    `From here\nSubject: forged ${index}\n\n[2026-01-01 00:00:00] John Doe: forged`,
    `${'long '.repeat(250)}${index}`,
    '=3D =?utf-8?q?x?= %0d%0a \\r\\n',
  ]
  return kinds[index % kinds.length] ?? ''
}

async function mailIn(postfix: Postfix, mailbox: string, count: number): Promise<string[]> {
  return await eventually(`${count} mails in the mailbox ${mailbox}`, () => {
    const mails = postfix.mailbox(mailbox)
    return mails.length >= count ? mails : undefined
  })
}

async function mailsOf(stage: Stage, chatId: string) {
  return await eventually(`The mails of the chat ${chatId} to be settled`, async () => {
    const { mails } = await call(stage.admin, contract.listMails, { query: { chatId } })
    const isSettled = mails.length > 0 && mails.every(({ state }) => state !== 'queued')
    return isSettled ? new Map(mails.map((mail) => [mail.targetEmail, mail])) : undefined
  })
}

/** Mails wait while the server's certificate is not trusted: credentials and transcripts do not leave. */
async function untrustedServer(postfix: Postfix, dataDir: string): Promise<Stage> {
  await using parley = await startParley({ dataDir, env: { PARLEY_SMTP_URL: postfix.url } })
  const stage = await setStage(parley)
  await call(stage.admin, contract.setTranscriptSettings, {
    body: { rules: [ruleFor('first', 'first', {})] },
  })
  const chat = await startChat(stage, 'Grace')
  await endAndRate(chat, 5)
  const mail = (await mailsOf(stage, chat.chatId)).get('first@readers.test')
  assert.equal(mail?.state, 'deferred')
  assert.match(mail.attempts[0]?.answer ?? '', /certificate/)
  assert.deepEqual(postfix.mailbox('first'), [])
  await parley.stop()
  return stage
}

function ruleFor(ruleId: string, mailbox: string, conditions: object) {
  const targetEmail = `${mailbox}@readers.test`
  const mail = { targetEmail, senderName: 'Chat', senderEmail: SENDER, subject: ruleId }
  return { ruleId, ...conditions, mail }
}

/** The mail in an independent server's mailbox against what was written, line by line. */
async function wholeTranscript(stage: Stage, postfix: Postfix): Promise<void> {
  const functionId = await deployDecision(stage, 'decide_transcript', DECISION)
  await call(stage.admin, contract.setTranscriptSettings, {
    body: {
      rules: [ruleFor('off', 'rules', {})],
      bounceAddress: 'bounces@readers.test',
      senders: [SENDER],
    },
  })
  const chat = await startChat(stage, 'Ada <ada@example.org>')
  const { chatId } = chat
  const texts = Array.from({ length: LINES }, (_, index) => lineText(index))
  for (const [index, text] of texts.entries()) {
    const isAgent = index % 3 === 2
    const body = { text }
    if (isAgent) await call(stage.john, contract.writeAgentLine, { params: { chatId }, body })
    else await call(chat.consumer, contract.writeConsumerLine, { params: { chatId }, body })
  }
  await endAndRate(chat, 3)

  const [raw = ''] = await mailIn(postfix, 'team', 1)
  assert.match(raw, /with ESMTPSA/, 'TLS and AUTH were used')
  const mail = await PostalMime.parse(Buffer.from(raw, 'latin1'))
  assert.deepEqual(mail.from, { name: 'Müller & Söhne, GmbH', address: SENDER })
  assert.equal(mail.subject, 'Ihr Chat — 3 ★')
  compareText(mail.text ?? '', texts)
  compareHtml(mail.html ?? '', texts)

  const mails = await mailsOf(stage, chatId)
  assert.equal(mails.get('team@readers.test')?.messageId, mail.messageId)
  assert.equal(mails.get('nobody@readers.test')?.state, 'refused')
  assert.match(mails.get('nobody@readers.test')?.attempts[0]?.answer ?? '', /User unknown/)
  assert.equal(mails.get('gone@readers.test')?.state, 'sent')
  const [message = ''] = await mailIn(postfix, 'bounces', 1)
  const bounced = await call(stage.admin, contract.reportBounce, { body: { message } })
  assert.equal(bounced.targetEmail, 'gone@readers.test')
  assert.equal(bounced.state, 'bounced')
  assert.deepEqual(postfix.mailbox('rules'), [], 'rules are off while a function is deployed')
  await call(stage.admin, contract.undeployFunction, { params: { functionId } })
}

const STAMP = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`

function compareText(text: string, texts: readonly string[]): void {
  const expected = texts.flatMap((line, index) =>
    `[] ${nameOf(index)}: ${line}`.split('\n').map((part, place) => (place ? `    ${part}` : part)),
  )
  const lines = text.trimEnd().split('\n')
  const begin = lines.findIndex((line) => line.endsWith('* John Doe joined the chat')) + 1
  const shown = lines
    .slice(begin, -1)
    .map((line) => line.replace(new RegExp(`^\\[${STAMP}\\]`), '[]'))
  assert.deepEqual(shown, expected)
}

function compareHtml(html: string, texts: readonly string[]): void {
  assert.ok(!/<(script|b|img|a)\b/i.test(html), 'nothing that was written is markup')
  const rows = [
    ...html.matchAll(/<strong><bdi>(.*?)<\/bdi><\/strong><\/td><td[^>]*><bdi>(.*?)<\/bdi>/g),
  ]
  const shown = rows.map(([, name = '', text = '']) => `${plain(name)}: ${plain(text)}`)
  assert.deepEqual(
    shown,
    texts.map((line, index) => `${nameOf(index)}: ${line}`),
  )
}

function nameOf(index: number): string {
  return index % 3 === 2 ? 'John Doe' : 'Ada <ada@example.org>'
}

function plain(html: string): string {
  return html
    .replaceAll('<br>', '\n')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}

/** Without a function each rule decides by itself: rank, skill, agent. */
async function legacyRules(stage: Stage, postfix: Postfix): Promise<void> {
  const { skillId } = await call(stage.admin, contract.createSkill, { body: { name: 'Returns' } })
  const { userId } = await call(stage.admin, contract.createUser, {
    body: { loginName: 'jane', fullName: 'Jane Roe', password: PASSWORD },
  })
  await call(stage.admin, contract.setTranscriptSettings, {
    body: {
      rules: [
        ruleFor('low', 'low', { csatAtMost: 2 }),
        ruleFor('high', 'high', { csatAtLeast: 4 }),
        ruleFor('care', 'care', { skillIds: [stage.careSkillId] }),
        ruleFor('other-skill', 'rules', { skillIds: [skillId] }),
        ruleFor('john', 'john', { agentIds: [stage.johnId] }),
        ruleFor('other-agent', 'rules', { agentIds: [userId] }),
      ],
    },
  })
  for (const csatRank of [2, 3, 4]) await endAndRate(await startChat(stage, 'Linus'), csatRank)
  await mailIn(postfix, 'low', 1)
  await mailIn(postfix, 'high', 1)
  await mailIn(postfix, 'care', 3)
  await mailIn(postfix, 'john', 3)
  await eventually('All mails to be sent', async () => {
    const { states } = await call(stage.admin, contract.countMails)
    return states.queued === 0 && states.deferred === 0 ? true : undefined
  })
  const counts = ['low', 'high', 'care', 'john', 'rules'].map(
    (name) => postfix.mailbox(name).length,
  )
  assert.deepEqual(counts, [1, 1, 3, 3, 0])
}

const reason = ensurePostfix()
if (reason !== undefined) {
  console.log(`Left out: ${reason}`)
  process.exit(0)
}
const mailboxes = ['first', 'team', 'bounces', 'rules', 'low', 'high', 'care', 'john']
using postfix = await startPostfix({ mailboxes, aliases: [['gone', 'ghost@readers.test']] })
const dataDir = newDataDir()
try {
  const stage = await untrustedServer(postfix, dataDir)
  console.log('a server whose certificate is not trusted gets nothing')
  await using parley = await startParley({
    dataDir,
    env: { PARLEY_SMTP_URL: postfix.url, NODE_EXTRA_CA_CERTS: postfix.caFile },
  })
  const again = await setStage(parley, stage)
  await mailIn(postfix, 'first', 1)
  console.log('what waited for it leaves as soon as it is')
  await wholeTranscript(again, postfix)
  console.log(
    `a transcript of ${LINES} lines arrives line by line; a refusal and a bounce are seen`,
  )
  await legacyRules(again, postfix)
  console.log('each rule decides by itself where there is no function')
  console.log('4 passed, 0 failed')
} catch (failure) {
  console.error(failure)
  console.error(postfix.log().split('\n').slice(-40).join('\n'))
  console.log('failed')
  process.exitCode = 1
} finally {
  removeFolder(dataDir)
}
