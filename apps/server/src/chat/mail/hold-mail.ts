import type { MailState } from '@parley/contract'
import { ParleyError } from '#base/kernel'
import { changeDocument } from '#base/kit'
import type { MailDeps } from './deps.ts'
import { type FoundMail, findMail, listStoredMails } from './repository.ts'
import {
  MAIL,
  mailRef,
  nextRowsOf,
  released,
  type StoredMail,
  waitsForSending,
  withoutNextAttempt,
} from './mail-state.ts'
import { sendingRow } from './enqueue-mails.ts'

const MAX_AT_ONCE = 5000
const PER_COMMIT = 200

/** Holds a mail that waits. A mail that is being sent at this moment still leaves. */
export async function holdMail(
  deps: MailDeps,
  accountId: string,
  mailId: string,
): Promise<StoredMail> {
  return await changeMail(deps, accountId, mailId, (mail) => {
    if (mail.state !== 'held' && !waitsForSending(mail.state)) {
      throw new ParleyError(
        'mail_not_waiting',
        `The mail is ${mail.state}: it does not wait any more`,
      )
    }
    const at = deps.clock.now()
    const rowsOf = nextRowsOf(mail, at)
    return { mail: { ...withoutNextAttempt(mail), state: 'held', rowsOf, updatedAt: at } }
  })
}

/** Starts another round: sends a mail now and, if that fails, with the pauses of a new mail. */
export async function sendMailNow(
  deps: MailDeps,
  accountId: string,
  mailId: string,
): Promise<StoredMail> {
  return await changeMail(deps, accountId, mailId, (mail) => {
    const queued = nextRound(mail, deps.clock.now())
    return { mail: queued, send: true }
  })
}

/** Sends all mails of a state now, in portions. Answers how many, and whether there are more. */
export async function sendMailsNow(
  deps: MailDeps,
  accountId: string,
  state: MailState,
): Promise<{ queued: number; more: boolean }> {
  const found = await listStoredMails(deps.store.db, accountId, { state, limit: MAX_AT_ONCE + 1 })
  const chosen = found.slice(0, MAX_AT_ONCE)
  let queued = 0
  for (let start = 0; start < chosen.length; start += PER_COMMIT) {
    const portion = chosen.slice(start, start + PER_COMMIT)
    if (await commitPortion(deps, accountId, portion)) queued += portion.length
    else queued += await oneByOne(deps, accountId, state, portion)
  }
  return { queued, more: found.length > MAX_AT_ONCE }
}

async function commitPortion(
  deps: MailDeps,
  accountId: string,
  portion: readonly FoundMail[],
): Promise<boolean> {
  const at = deps.clock.now()
  const mails = portion.map(({ mail, version }) => ({ mail: nextRound(mail, at), version }))
  const { status } = await deps.delivery.commit({
    accountId,
    documents: mails.map(({ mail, version }) => ({
      kind: MAIL,
      id: mail.mailId,
      readVersion: version,
      state: mail,
    })),
    outbox: mails.map(({ mail }) => sendingRow(mail)),
  })
  return status === 'applied'
}

/** Used when a mail of the portion has changed since it was listed: sends those that are still in the state. */
async function oneByOne(
  deps: MailDeps,
  accountId: string,
  state: MailState,
  portion: readonly FoundMail[],
): Promise<number> {
  let queued = 0
  for (const { mail } of portion) {
    const now = await findMail(deps.store.db, accountId, mail.mailId)
    if (now?.mail.state === state && (await commitPortion(deps, accountId, [now]))) queued++
  }
  return queued
}

function nextRound(mail: StoredMail, at: number): StoredMail {
  const round = mail.round + 1
  const rowsOf = nextRowsOf(mail, at)
  return { ...released(mail), state: 'queued', round, rowsOf, triesOfRound: 0, updatedAt: at }
}

/** Changes one mail by its newest state. */
export async function changeMail(
  deps: MailDeps,
  accountId: string,
  mailId: string,
  decide: (mail: StoredMail) => { mail: StoredMail; send?: boolean },
): Promise<StoredMail> {
  const empty = () => {
    throw new ParleyError('mail_not_found', `No mail "${mailId}"`)
  }
  const ref = { ...mailRef(mailId), empty }
  const { state } = await changeDocument(deps, accountId, ref, (before) => {
    const { mail, send } = decide(before)
    return { state: mail, outbox: send ? [sendingRow(mail)] : [] }
  })
  return state
}
