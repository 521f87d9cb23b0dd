import * as contract from '@parley/contract'
import { type Http, route } from '#base/http'
import { BUILDER, type BuilderBotsDeps } from './deps.ts'
import { importBot, replaceBot } from './import.ts'
import { listConversations } from './list-conversations.ts'
import * as bots from './manage.ts'
import { readSteps } from './steps.ts'
import { talk } from './talk.ts'

export function builderBotRoutes({ app }: Http, deps: BuilderBotsDeps): void {
  route(app, contract.listBuilderBots, async ({ params }) => ({
    bots: await bots.list(deps, params.accountId),
  }))
  route(app, contract.createBuilderBot, ({ params, body, principal }) =>
    importBot(deps, params.accountId, principal.name, body),
  )
  route(app, contract.getBuilderBot, ({ params: { accountId, botId } }) =>
    bots.read(deps, accountId, botId),
  )
  route(app, contract.readBuilderSteps, ({ params: { accountId, botId } }) =>
    readSteps(deps, accountId, botId),
  )
  route(app, contract.exportBuilderBot, ({ params: { accountId, botId } }) =>
    bots.readFile(deps, accountId, botId),
  )
  route(app, contract.replaceBuilderBot, ({ params: { accountId, botId }, body, principal }) =>
    replaceBot(deps, accountId, principal.name, botId, body),
  )
  route(app, contract.changeBuilderBot, ({ params: { accountId, botId }, body, principal }) =>
    bots.change(deps, accountId, principal.name, botId, body),
  )
  route(app, contract.deleteBuilderBot, ({ params: { accountId, botId } }) =>
    bots.remove(deps, accountId, botId),
  )
  route(app, contract.setBuilderBotState, ({ params: { accountId, botId }, body }) =>
    bots.setState(deps, accountId, botId, body.state),
  )
  route(
    app,
    contract.listBuilderConversations,
    ({ params: { accountId, botId }, principal, query }) =>
      listConversations(deps, accountId, botId, principal, query),
  )
  route(app, contract.listBuilderErrors, async ({ params: { accountId, botId }, query }) => ({
    errors: await deps.botAgents.listErrors(accountId, botId, BUILDER, query),
  }))
  route(app, contract.talkToBuilderBot, ({ params: { accountId, botId }, body }) =>
    talk(deps, accountId, botId, body),
  )
}
