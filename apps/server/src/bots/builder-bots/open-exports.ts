import { boundedMap, declareBound } from '#base/bounds'
import type { Base } from '#base/store'
import { type BuilderBot, openBuilderBot } from '#bots/builder-dialog'
import { readExport } from '#bots/builder-file'
import { type LookedThrough, lookThrough } from './look-through.ts'
import { findRevision, isKept } from './repository.ts'

const MAX_SMALL = declareBound({
  kind: 'map',
  holds: 'exports of bots, ready to be talked to',
  limit: 200,
  per: 'node',
  beyond: 'the least recently used one is forgotten, and read again when it is needed',
})

const MAX_LARGE = declareBound({
  kind: 'map',
  holds: 'large exports of bots, ready to be talked to',
  limit: 8,
  per: 'node',
  beyond: 'the least recently used one is forgotten, and read again when it is needed',
})
/** An export in memory takes some times as much as its text: a large one has up to 2 MB of it. */
const LARGE_CHARACTERS = 100_000

/** Exports by their bot and revision, which never change: a turn reads and checks none that this node has read lately. */
export interface Exports {
  /**
   * `undefined` for one that is not kept any more, on every node alike.
   * @param newest the bot's newest revision
   */
  find(
    accountId: string,
    botId: string,
    revision: number,
    newest: number,
  ): Promise<BuilderBot | undefined>
  /** Of a newest revision. It is looked through when it is first asked for, and remembered with it. */
  lookThrough(
    accountId: string,
    botId: string,
    revision: number,
  ): Promise<LookedThrough | undefined>
}

interface KnownExport {
  bot: BuilderBot
  lookThrough(): LookedThrough
}

export function openExports({ store }: Pick<Base, 'store'>): Exports {
  const small = boundedMap<string, KnownExport>(MAX_SMALL)
  const large = boundedMap<string, KnownExport>(MAX_LARGE)

  async function findKnown(accountId: string, botId: string, revision: number) {
    const key = `${accountId}/${botId}/${revision}`
    const known = small.get(key) ?? large.get(key)
    if (known) return known
    const text = await findRevision(store.db, accountId, botId, revision)
    if (text === undefined) return undefined
    const opened = openExport(text)
    const cache = text.length > LARGE_CHARACTERS ? large : small
    cache.set(key, opened)
    return opened
  }

  return {
    async find(accountId, botId, revision, newest) {
      if (!isKept(revision, newest)) return undefined
      return (await findKnown(accountId, botId, revision))?.bot
    },
    async lookThrough(accountId, botId, revision) {
      return (await findKnown(accountId, botId, revision))?.lookThrough()
    },
  }
}

function openExport(text: string): KnownExport {
  const { bot } = readExport(text)
  let looked: LookedThrough | undefined
  return { bot: openBuilderBot(bot), lookThrough: () => (looked ??= lookThrough(bot)) }
}
