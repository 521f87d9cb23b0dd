import { openAgentCommands } from '#bots/agent-commands'
import { openBotAgents } from '#bots/bot-agents'
import { openBotChat } from '#bots/bot-chat'
import { openBotMessaging } from '#bots/bot-messaging'
import { openBuilderBots } from '#bots/builder-bots'
import { openConnectors } from '#bots/connectors'
import { openControllerBot } from '#bots/controller-bot'
import { openSurveyBot } from '#bots/survey-bot'

type Deps = Parameters<typeof openControllerBot>[0] &
  Parameters<typeof openSurveyBot>[0] &
  Parameters<typeof openAgentCommands>[0] &
  Parameters<typeof openBotAgents>[0] &
  Omit<Parameters<typeof openBotMessaging>[0], 'botAgents'> &
  Omit<Parameters<typeof openBotChat>[0], 'botAgents'> &
  Omit<Parameters<typeof openConnectors>[0], 'botAgents'> &
  Omit<Parameters<typeof openBuilderBots>[0], 'botAgents'>

/** Opens what acts in conversations by itself. Bots that serve conversations share `botAgents`. */
export function openBots(opened: AsyncDisposableStack, deps: Deps) {
  const controllerBot = openControllerBot(deps)
  const surveyBot = openSurveyBot(deps)
  const botAgents = opened.use(openBotAgents(deps))
  opened.use(openBotMessaging({ ...deps, botAgents }))
  openBotChat({ ...deps, botAgents })
  const connectors = openConnectors({ ...deps, botAgents })
  const builderBots = openBuilderBots({ ...deps, botAgents })
  const agentCommands = openAgentCommands(deps)
  return { controllerBot, surveyBot, botAgents, connectors, builderBots, agentCommands }
}
