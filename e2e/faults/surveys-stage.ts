import { call, login } from '@parley/client'
import * as contract from '@parley/contract'
import type { Cluster } from './cluster-nodes.ts'
import { type AgentLogin, deploy, FROM_SKILL, makeAgents } from './cluster-stage.ts'
import { type Witness, witnessedFunction } from './cluster-witness.ts'

export const EVENTS = ['surveybot_messaging_survey_started', 'surveybot_messaging_survey_ended']

export const THANKS = 'Thank you!'
export const QUESTIONS = [
  { id: 'csat', kind: 'CSAT', text: 'How satisfied are you?' },
  { id: 'nps', kind: 'NPS', text: 'Would you recommend us?' },
  { id: 'fcr', kind: 'FCR', text: 'Is it solved?' },
  { id: 'why', kind: 'free-text', text: 'Why?' },
] as const

/** A survey for all conversations, functions for the events of its start and its end, and agents who serve before it. */
export async function setSurveyStage(cluster: Cluster, witness: Witness): Promise<AgentLogin[]> {
  const admin = await login(await cluster.endpoint(), cluster.firstRun.admin)
  await call(admin, contract.changeAccountSettings, {
    body: { limits: { outboundRequestsPerSecond: 1000 } },
  })
  const { surveyId } = await call(admin, contract.createSurvey, {
    body: {
      name: 'Survey',
      greeting: 'A few questions',
      questions: QUESTIONS.map((question) => ({ ...question })),
      thankYou: THANKS,
      fallback: 'Please choose an answer',
    },
  })
  const params = { surveyId }
  await call(admin, contract.assignSurvey, { params, body: { skillIds: [FROM_SKILL] } })
  for (const eventId of EVENTS) {
    const report = `{ conversationId: input.payload.conversationId, event: '${eventId}' }`
    const code = witnessedFunction(witness, report, `'received'`)
    await deploy(admin, { name: eventId, eventId, code })
  }
  return await makeAgents(admin)
}
