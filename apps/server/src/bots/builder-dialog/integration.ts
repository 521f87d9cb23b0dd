import type { BotInteraction, BotResponder } from '@parley/contract'
import { parseJson } from '#base/input'
import { messageOf } from '#base/kernel'
import { runCode } from './code.ts'
import { MAX_RESULT_CHARACTERS } from './limits.ts'
import type { Failed } from './outside.ts'
import { replaceInAddress, replaceInJson, replaceVariables } from './replace-variables.ts'
import { note, type Turn } from './turn.ts'
import { resultOf, setResult } from './variables.ts'

const BOUNDS = { maxValues: 100_000 }

/** Runs the integration of an interaction: its answer becomes a variable, its script may change it. A failure is noted. */
export async function runIntegration(
  turn: Turn,
  interaction: BotInteraction,
): Promise<'SUCCESS' | 'FAILED'> {
  const responder = turn.bot.responderOf(interaction)
  const status = responder ? await call(turn, responder) : missing(turn)
  turn.state.apiSucceeded = status === 'SUCCESS'
  if (responder?.transformResultsScript && status === 'SUCCESS') {
    await runCode(turn, { script: responder.transformResultsScript })
  }
  return status
}

function missing(turn: Turn): 'FAILED' {
  note(turn, 'FAILED: its integration is not in the export')
  return 'FAILED'
}

async function call(turn: Turn, responder: BotResponder): Promise<'SUCCESS' | 'FAILED'> {
  const answer = await (responder.integrationType === 'FAAS' ? askFunction : askHttp)(
    turn,
    responder,
  )
  const variable = resultOf(responder)
  delete turn.state.results[variable]
  if (typeof answer === 'object' && answer !== null && 'failed' in answer) {
    note(turn, `FAILED: ${responder.name}: ${String(answer.failed)}`)
    return 'FAILED'
  }
  const jsonData = JSON.stringify({ [variable]: answer.answered ?? null })
  if (setResult(turn, variable, jsonData)) return 'SUCCESS'
  note(turn, `FAILED: the answer has more than ${MAX_RESULT_CHARACTERS} characters`)
  return 'FAILED'
}

interface Answered {
  answered: unknown
}

async function askHttp(turn: Turn, responder: BotResponder): Promise<Answered | Failed> {
  const { method = 'GET', name, postBody, webhook = '' } = responder
  const hasBody = postBody !== undefined && postBody !== '' && !['GET', 'HEAD'].includes(method)
  const answer = await turn.outside.callHttp(name, {
    url: replaceInAddress(turn, webhook),
    method,
    headers: headersOf(turn, responder),
    ...(hasBody && { body: replaceInJson(turn, postBody) }),
  })
  delete turn.state.apiStatus
  if ('failed' in answer) return answer
  turn.state.apiStatus = String(answer.status)
  if (answer.status < 200 || answer.status > 299) return { failed: `status ${answer.status}` }
  try {
    return { answered: parseJson(answer.body, 'answer', BOUNDS) }
  } catch {
    return { answered: answer.body }
  }
}

async function askFunction(turn: Turn, responder: BotResponder): Promise<Answered | Failed> {
  const { lambdaUuid = '', name, postBody } = responder
  let payload: unknown
  try {
    payload = parseJson(replaceInJson(turn, postBody || '{}'), 'payload', BOUNDS)
  } catch (error) {
    return { failed: messageOf(error) }
  }
  const call = { lambdaUuid, headers: headersOf(turn, responder), payload }
  const answer = await turn.outside.callFunction(name, call)
  return 'failed' in answer ? answer : { answered: answer.result }
}

function headersOf(turn: Turn, { headers }: BotResponder): { key: string; value: string }[] {
  return headers
    .filter(({ key }) => key !== '')
    .map(({ key, value }) => ({ key, value: replaceVariables(turn, value ?? '') }))
}
