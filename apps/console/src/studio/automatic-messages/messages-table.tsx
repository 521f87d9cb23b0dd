import {
  type AutomaticMessage,
  type AutomaticMessageSetting,
  effectiveMessage,
} from '@parley/contract'
import { eventIdOf } from '@parley/contract/events'
import { CircleCheck, CircleSlash } from 'lucide-react'
import { useFunctions, useSkills } from '../api/use-names.ts'
import { useMay } from '../session/use-session.ts'
import { Button } from '../ui/button.tsx'
import { FunctionLink } from '../ui/function-link.tsx'
import { PlainTable } from '../ui/plain-table.tsx'
import { UnlessUnread } from '../ui/unless-unread.tsx'
import { operateWords } from '../words/operate.ts'
import type { Scope } from './scope.ts'
import { messageWords as t } from './words.ts'

type Type = AutomaticMessage['type']

interface Props {
  accountId: string
  scope: Scope
  types: readonly Type[]
  settings: readonly AutomaticMessageSetting[]
  accountLanguage: string | undefined
  onEdit: (type: Type) => void
}

/** What is in force in this scope, by whom it was set, and which function is asked before. */
export function MessagesTable(props: Props) {
  const { accountId, scope, types, settings, accountLanguage, onEdit } = props
  const mayWrite = useMay(accountId, 'account:write')
  const mayReadFunctions = useMay(accountId, 'function:read')
  const { functionsQuery } = useFunctions(accountId)
  const { skillName } = useSkills(accountId)
  const { skill, language } = scope
  return (
    <>
      <UnlessUnread query={functionsQuery}>{null}</UnlessUnread>
      <PlainTable
        label={t.title}
        rows={types.map((type) =>
          effectiveMessage(settings, type, skill, language, accountLanguage),
        )}
        keyOf={({ type }) => type}
        columns={[
          {
            head: t.when,
            cell: ({ type, timing }) => (
              <>
                {t.whens[type]}
                {timing && <span className="faint line">{t.after(timing)}</span>}
              </>
            ),
          },
          { head: t.message, className: 'said', cell: ({ text }) => <bdi>{text}</bdi> },
          {
            head: t.state,
            cell: ({ active }) => (
              <span className={`chip ${active ? 'good' : 'quiet'}`}>
                {active ? (
                  <CircleCheck aria-hidden size={14} />
                ) : (
                  <CircleSlash aria-hidden size={14} />
                )}
                {active ? t.on : t.notSent}
              </span>
            ),
          },
          { head: t.from, cell: ({ type }) => originOf(type) },
          {
            head: t.function,
            isHidden: !mayReadFunctions,
            cell: ({ type }) => <Overriding accountId={accountId} type={type} skill={skill} />,
          },
          {
            head: operateWords.actions,
            isHidden: !mayWrite,
            cell: ({ type }) => (
              <Button
                kind="quiet"
                aria-label={`${t.edit}: ${t.whens[type]}`}
                onPress={() => onEdit(type)}
              >
                {t.edit}
              </Button>
            ),
          },
        ]}
      />
    </>
  )

  /** The most special settings that have a say, in words. */
  function originOf(type: Type): string {
    const fitting = settings.filter(
      (one) =>
        one.type === type &&
        (one.skillId === undefined || one.skillId === skill) &&
        (one.language === undefined || isWithin(language, one.language)),
    )
    if (fitting.length === 0) return t.fromDefault
    return [...new Set(fitting.map(nameOf))].join(', ')
  }

  function nameOf({ skillId, language: tag }: AutomaticMessageSetting): string {
    if (skillId === undefined && tag === undefined) return t.fromAll
    return [skillId === undefined ? undefined : skillName(skillId), tag]
      .filter((part) => part !== undefined)
      .join(' · ')
  }
}

/** Whether a language is another one or a kind of it, as `en-US` is of `en`. */
function isWithin(language: string | undefined, wider: string): boolean {
  return language === wider || (language?.startsWith(`${wider}-`) ?? false)
}

/** Live functions of the event: they are asked before the text is sent. */
function Overriding({
  accountId,
  type,
  skill,
}: {
  accountId: string
  type: Type
  skill: string | undefined
}) {
  const { isLoaded, functions } = useFunctions(accountId)
  const { skillName } = useSkills(accountId)
  const asked = functions.filter(
    (one) =>
      one.eventId === eventIdOf(type) &&
      one.liveVersion !== undefined &&
      (skill === undefined || one.skills.length === 0 || one.skills.includes(skill)),
  )
  if (!isLoaded) return <span className="faint">…</span>
  if (asked.length === 0) return <span className="faint">{t.noFunction}</span>
  return asked.map(({ functionId, skills }) => (
    <span key={functionId} className="line">
      <FunctionLink accountId={accountId} functionId={functionId} />{' '}
      {skills.length > 0 && (
        <span className="faint">{t.onlyFor(skills.map(skillName).join(', '))}</span>
      )}
    </span>
  ))
}
