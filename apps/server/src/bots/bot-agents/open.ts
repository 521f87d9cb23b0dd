import type { BotChannelName } from '@parley/contract'
import { withDeps } from '#base/kernel'
import type { BotKind } from './bot-kind.ts'
import * as bots from './bots.ts'
import type { BotChannel } from './channel.ts'
import type { BotAgentsDeps, OpenBotAgentsDeps } from './deps.ts'
import { openBotDirectory } from './directory.ts'
import { errorConsumer } from './errors.ts'
import { actionConsumer } from './invoke-action.ts'
import { listConversations } from './list-conversations.ts'
import { pauseTimer } from './pauses.ts'
import { eraseConversations, leaveSkill } from './repository.ts'
import { keepItsUser, restartTimer, stateConsumer, stopWithItsUser } from './states.ts'
import { turnConsumer } from './take-turn.ts'
import { noteTyping } from './typing.ts'

/** Bots that this server runs, of whatever kind. */
export type BotAgents = ReturnType<typeof openBotAgents>

/** Serves conversations with bots: see `BotKind` for how a kind of bot plugs in. Open it before `delivery.start()`. */
export function openBotAgents(given: OpenBotAgentsDeps) {
  const { store, delivery } = given
  const kinds = new Map<string, BotKind>()
  const channels = new Map<BotChannelName, BotChannel>()
  using opened = new DisposableStack()
  const directory = opened.use(openBotDirectory(given))
  const deps: BotAgentsDeps = {
    ...given,
    directory,
    channels,
    kindOf(kind) {
      const known = kinds.get(kind)
      if (!known) throw new Error(`No module serves bots of kind "${kind}"`)
      return known
    },
  }
  given.accounts.alsoRemoveWithSkills({ remove: leaveSkill, removed: directory.changed })
  given.accounts.keepUsers(keepItsUser)
  given.accounts.stopWithUsers((tx, accountId, userId) =>
    stopWithItsUser(deps, tx, accountId, userId),
  )
  delivery.consume(turnConsumer(deps))
  delivery.consume(actionConsumer(deps))
  delivery.consume(errorConsumer(deps))
  delivery.consume(stateConsumer(deps))
  delivery.onTimer(pauseTimer(deps))
  delivery.onTimer(restartTimer(deps))
  const resources = opened.move()
  return {
    /** Names what answers for bots of this kind; once, before `delivery.start()`. */
    serve: (kind: BotKind) => void kinds.set(kind.kind, kind),
    /** Names where bots serve conversations; once each, before `delivery.start()`. */
    connect: (channel: BotChannel) => void channels.set(channel.name, channel),
    directory,
    ...withDeps(deps, { ...bots, listConversations, noteTyping }),
    /** Drops everything that is kept about these conversations. */
    erase: (accountId: string, { conversationIds }: { conversationIds: readonly string[] }) =>
      eraseConversations(store.db, accountId, conversationIds),
    [Symbol.dispose]: () => resources.dispose(),
  }
}
