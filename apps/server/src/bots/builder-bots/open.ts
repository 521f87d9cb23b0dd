import type { Http } from '#base/http'
import { answerTurn } from './answer-turn.ts'
import { BUILDER, type BuilderBotsDeps, type OpenBuilderBotsDeps } from './deps.ts'
import { openExports } from './open-exports.ts'
import { leaveSkill } from './repository.ts'
import { builderBotRoutes } from './routes.ts'

/** Bots of Conversation Builder (`spec/conversation-builder.md`). Open it before `delivery.start()`. */
export function openBuilderBots(given: OpenBuilderBotsDeps) {
  const deps: BuilderBotsDeps = { ...given, exports: openExports(given) }
  deps.accounts.alsoRemoveWithSkills({ remove: leaveSkill, removed: () => undefined })
  deps.botAgents.serve({
    kind: BUILDER,
    turn: (turn) => answerTurn(deps, turn),
    // It stands on nothing but this server.
    test: () => Promise.resolve({ ok: true }),
  })
  return { routes: (http: Http) => builderBotRoutes(http, deps) }
}
