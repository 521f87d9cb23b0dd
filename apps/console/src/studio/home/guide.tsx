import {
  createFunction,
  deployFunction,
  getFunction,
  listConversations,
  listFunctionEvents,
} from '@parley/contract'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { ask, ServerError } from '../api/server.ts'
import { useFunctions } from '../api/use-names.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { homeWords } from '../words/home.ts'

const EVENT = 'controllerbot_messaging_new_conversation'
const NAME = 'first_answer'
const REFRESH_MS = 3_000

/** From a template to a function that answers a consumer, who writes beside it. */
export function Guide({ accountId }: { accountId: string }) {
  const mayRead = useMay(accountId, 'function:read')
  const mayWrite = useMay(accountId, 'function:write')
  const mayReadConversations = useMay(accountId, 'conversation:read')
  const { functions, functionsQuery, isLoaded } = useFunctions(accountId)
  const [answer, setAnswer] = useState<string>(homeWords.proposed)
  const client = useQueryClient()
  const t = homeWords
  const live = functions.find((one) => one.eventId === EVENT && one.liveVersion !== undefined)
  const make = useMutation({
    mutationFn: () => makeLive(accountId, answer),
    onSettled: () => client.invalidateQueries({ queryKey: ['functions', accountId] }),
  })
  const newest = useQuery({
    queryKey: ['newest-conversation', accountId],
    queryFn: () => ask(accountId, listConversations, { query: { limit: 1 } }),
    enabled: mayReadConversations && live !== undefined,
    refetchInterval: REFRESH_MS,
  })
  const conversationId = newest.data?.conversations[0]?.conversationId

  function submit(submitted: FormEvent): void {
    submitted.preventDefault()
    make.mutate()
  }
  return (
    <section className="guide" aria-label={t.guide}>
      <div className="stack">
        <h2>{t.guide}</h2>
        <p className="faint">{t.guideIntro}</p>
        {live ? (
          <p role="status" className="good">
            {make.data ? t.made(live.name) : t.taken(live.name)}
          </p>
        ) : mayRead && !isLoaded ? (
          <Loaded query={functionsQuery}>{() => null}</Loaded>
        ) : mayWrite ? (
          <form className="stack" onSubmit={submit}>
            <h3>1. {t.step1}</h3>
            <Field
              label={t.answer}
              value={answer}
              onChange={setAnswer}
              lines={3}
              maxLength={1_000}
              isRequired
            />
            <h3>2. {t.step2}</h3>
            {make.error && <ErrorNotice error={make.error} />}
            <div className="actions">
              <Button type="submit" kind="primary" isPending={make.isPending}>
                {t.make}
              </Button>
            </div>
          </form>
        ) : (
          <p className="faint">{t.noRight}</p>
        )}
        <h3>3. {t.step3}</h3>
        <p className="faint">{t.consumerHint}</p>
        {live && (
          <p className="links">
            <Link
              to="/$accountId/functions/$functionId"
              params={{ accountId, functionId: live.functionId }}
            >
              {t.edit}
            </Link>
            {conversationId !== undefined && (
              <Link
                to="/$accountId/conversations/$conversationId"
                params={{ accountId, conversationId }}
              >
                {t.timeline}
              </Link>
            )}
          </p>
        )}
      </div>
      {live && (
        <iframe
          className="consumer-frame"
          title={t.consumer}
          src={`/consumer/${encodeURIComponent(accountId)}`}
        />
      )}
    </section>
  )
}

/** Made from the template of the event. What was begun and broken off goes on where it is. */
async function makeLive(accountId: string, answer: string) {
  const { events } = await ask(accountId, listFunctionEvents)
  const event = events.find(({ eventId }) => eventId === EVENT)
  if (!event) throw new Error(`No event "${EVENT}"`)
  const { templates, skeleton, description } = event
  const code = withAnswer(templates[0]?.code ?? skeleton, answer)
  const functionId = await createOrFind(accountId, { code, description })
  await ask(accountId, deployFunction, { params: { functionId } })
  return await ask(accountId, getFunction, { params: { functionId } })
}

/** The template says its own text; here it says this one. */
function withAnswer(code: string, answer: string): string {
  const said = `{ type: 'systemMessage', text: ${JSON.stringify(answer)} }`
  return code.replace(/\{ type: 'systemMessage', text: '[^']*' \}/, () => said)
}

async function createOrFind(
  accountId: string,
  draft: { code: string; description: string },
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    const name = attempt === 1 ? NAME : `${NAME}_${attempt}`
    try {
      const body = { ...draft, name, eventId: EVENT }
      return (await ask(accountId, createFunction, { body })).functionId
    } catch (error) {
      const isTaken = error instanceof ServerError && error.code === 'function_name_taken'
      if (!isTaken || attempt === 20) throw error
    }
  }
}
