import type { BuilderSteps } from '@parley/contract'
import { Link } from '@tanstack/react-router'
import { useMay } from '../session/use-session.ts'
import { PlainTable } from '../ui/plain-table.tsx'
import { findingTold } from './findings-told.ts'
import { botWords as t } from './words.ts'

interface Props extends Pick<BuilderSteps, 'warnings' | 'hosts'> {
  accountId: string
}

/** What of an export will not run, or is not there, and which hosts it calls. */
export function BotFindings({ accountId, warnings, hosts }: Props) {
  const mayReadDomains = useMay(accountId, 'allowlist:read')
  return (
    <>
      <h2>{t.warnings}</h2>
      {warnings.length === 0 ? (
        <p className="good">{t.noWarnings}</p>
      ) : (
        <div className="bot-findings">
          <PlainTable
            label={t.warnings}
            rows={warnings}
            keyOf={(_, index) => String(index)}
            columns={[
              { head: t.place, cell: ({ interaction }) => <bdi>{interaction}</bdi> },
              { head: t.whatIsWrong, cell: ({ what }) => findingTold(what) },
            ]}
          />
        </div>
      )}
      {hosts.length > 0 && (
        <p className="links">
          {t.hosts}:
          {hosts.map(({ host, allowed }) => (
            <span key={host}>
              <code>{host}</code>{' '}
              <span className={allowed ? 'chip good' : 'chip bad'}>
                {allowed ? t.allowed : t.notAllowed}
              </span>
            </span>
          ))}
          {mayReadDomains && hosts.some(({ allowed }) => !allowed) && (
            <Link to="/$accountId/domains" params={{ accountId }}>
              {t.toDomains}
            </Link>
          )}
        </p>
      )}
    </>
  )
}
