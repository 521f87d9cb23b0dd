import { createFunction } from '@parley/contract'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { ask } from '../api/server.ts'
import { useFunctionEvents } from '../api/use-function-events.ts'
import { useFunctions, useSkills } from '../api/use-names.ts'
import { Button } from '../ui/button.tsx'
import { Checks } from '../ui/checks.tsx'
import { Choice } from '../ui/choice.tsx'
import { ErrorNotice } from '../ui/error-notice.tsx'
import { Field } from '../ui/field.tsx'
import { Form } from '../ui/form.tsx'
import { Loaded } from '../ui/loaded.tsx'
import { Page } from '../ui/page.tsx'
import { problemsOfError } from '../ui/problems.ts'
import { UnlessUnread } from '../ui/unless-unread.tsx'
import { useUnsaved } from '../ui/use-unsaved.ts'
import { words } from '../words/index.ts'
import { settingsWords } from './settings-words.ts'
import { skillOptions } from './skill-options.ts'

const NONE = 'none'
const EMPTY = ''

/** From an event and a template to a draft in the editor. */
export function CreatePage() {
  const { accountId } = useParams({ from: '/$accountId/functions/new' })
  const { event = NONE, template = EMPTY } = useSearch({ from: '/$accountId/functions/new' })
  const navigate = useNavigate({ from: '/$accountId/functions/new' })
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [skills, setSkills] = useState<string[]>([])
  useUnsaved(name !== '' || description !== '' || skills.length > 0, undefined, true)
  const names = { ...useFunctions(accountId), ...useSkills(accountId) }
  const query = useFunctionEvents(accountId)
  const { data } = query
  const t = words.create
  const chosen = data?.events.find(({ eventId }) => eventId === event)
  const source = data && (chosen ?? data.noEvent)
  const code =
    source?.templates.find((one) => one.name === template)?.code ?? source?.skeleton ?? ''
  const create = useMutation({
    mutationFn: () =>
      ask(accountId, createFunction, {
        body: {
          name,
          description,
          code,
          ...(chosen && { eventId: chosen.eventId }),
          ...(chosen?.supportsSkills && { skills }),
        },
      }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['functions', accountId] }),
  })

  function submit(submitted: FormEvent): void {
    submitted.preventDefault()
    create.mutate(undefined, {
      // Given to `mutate`, it runs only while the page is there.
      onSuccess: ({ functionId }) =>
        void navigate({
          to: '/$accountId/functions/$functionId',
          params: { accountId, functionId },
          ignoreBlocker: true,
        }),
    })
  }

  return (
    <Page title={t.title}>
      <Loaded query={query}>
        {({ events, noEvent }) => (
          <Form problems={problemsOfError(create.error)} className="create" onSubmit={submit}>
            <div className="create-fields">
              <Choice
                label={t.event}
                value={chosen?.eventId ?? NONE}
                options={[
                  { id: NONE, name: words.functions.noEvent },
                  ...events.map(({ eventId, name: title, description: what }) => ({
                    id: eventId,
                    name: title,
                    description: what,
                  })),
                ]}
                onChange={(id) =>
                  void navigate({ search: { event: id === NONE ? undefined : id }, replace: true })
                }
              />
              <p className="faint">
                {t.eventHint} {chosen && t.limit(chosen.limit)}
              </p>
              <Choice
                label={t.template}
                value={template}
                options={[
                  { id: EMPTY, name: t.skeleton, description: t.skeletonHint },
                  ...(chosen ?? noEvent).templates.map((one) => ({
                    id: one.name,
                    name: one.name,
                    description: one.description,
                  })),
                ]}
                onChange={(id) =>
                  void navigate({
                    search: (old) => ({ ...old, template: id === EMPTY ? undefined : id }),
                    replace: true,
                  })
                }
              />
              <Field
                label={t.name}
                member="name"
                hint={t.nameHint}
                value={name}
                onChange={setName}
                pattern="\w{1,64}"
                maxLength={64}
                isRequired
              />
              <Field
                label={t.description}
                member="description"
                value={description}
                onChange={setDescription}
                lines={3}
                maxLength={5_000}
                isRequired
              />
              {chosen?.supportsSkills && (
                <UnlessUnread query={names.skillsQuery}>
                  {names.skills.length > 0 && (
                    <Checks
                      label={settingsWords.skills}
                      hint={settingsWords.skillsHint}
                      options={skillOptions(names, chosen)}
                      value={skills}
                      onChange={setSkills}
                      member="skills"
                    />
                  )}
                </UnlessUnread>
              )}
              {create.error && <ErrorNotice error={create.error} />}
              <Button type="submit" kind="primary" isPending={create.isPending || create.isSuccess}>
                {t.submit}
              </Button>
            </div>
            <section aria-label={t.preview} className="preview">
              <h2>{t.preview}</h2>
              <pre tabIndex={0}>{code}</pre>
            </section>
          </Form>
        )}
      </Loaded>
    </Page>
  )
}
