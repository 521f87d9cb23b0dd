import type { RightsRow } from './rights-table.fixture.ts'

const NATIVE = '/api/v1/accounts/:accountId'
const FAAS = '/api/account/:accountId'

/** The rows of functions and what belongs to them. */
export const FUNCTION_RIGHTS: readonly RightsRow[] = [
  {
    what: 'functions: names, events, skills, states, descriptions, activities',
    who: '---xx xxx x x---',
    routes: [
      `GET ${FAAS}/events`,
      `GET ${FAAS}/functions`,
      `GET ${FAAS}/lambdas`,
      `GET ${FAAS}/lambdas/:uuid`,
      `GET ${FAAS}/runtimes`,
      `GET ${NATIVE}/activities`,
      `GET ${NATIVE}/function-events`,
      `GET ${NATIVE}/functions`,
    ],
  },
  {
    what: 'functions: sources, versions, deployments',
    who: '---x- -xx - ----',
    routes: [
      `GET ${NATIVE}/functions/:functionId`,
      `GET ${NATIVE}/functions/:functionId/comparison`,
      `GET ${NATIVE}/functions/:functionId/deployments`,
      `GET ${NATIVE}/functions/:functionId/payloads`,
      `GET ${NATIVE}/functions/:functionId/versions`,
      `GET ${NATIVE}/functions/:functionId/versions/:version`,
      `POST ${NATIVE}/source-checks`,
    ],
  },
  {
    what: 'functions: make, change, deploy, delete',
    who: '---x- -x- - ----',
    routes: [
      `DELETE ${FAAS}/deployments/:uuid`,
      `DELETE ${FAAS}/lambdas/:uuid`,
      `POST ${FAAS}/deployments/:uuid`,
      `POST ${FAAS}/lambdas`,
      `PUT ${FAAS}/lambdas/:uuid`,
      `DELETE ${NATIVE}/functions/:functionId`,
      `DELETE ${NATIVE}/functions/:functionId/deployment`,
      `DELETE ${NATIVE}/functions/:functionId/payloads/:payloadId`,
      `PATCH ${NATIVE}/functions/:functionId`,
      `POST ${NATIVE}/functions`,
      `POST ${NATIVE}/functions/:functionId/deployments/:deploymentId/rollback`,
      `POST ${NATIVE}/functions/:functionId/payloads`,
      `POST ${NATIVE}/functions/:functionId/versions/:version/restore`,
      `PUT ${NATIVE}/functions/:functionId`,
      `PUT ${NATIVE}/functions/:functionId/deployment`,
    ],
  },
  {
    what: 'records: replay',
    who: '---x- -x- - ----',
    routes: [
      `POST ${NATIVE}/functions/:functionId/replays`,
      `POST ${NATIVE}/invocations/:recordId/replay`,
      `POST ${NATIVE}/invocations/:recordId/replay/apply`,
      `POST ${NATIVE}/replays/:jobId/cancel`,
      `POST ${NATIVE}/replays/:jobId/resume`,
    ],
  },
  {
    what: 'functions: invoke, test; agent commands',
    who: '---x- xx- x x---',
    routes: [
      `GET ${FAAS}/events/:eventId/isImplemented`,
      `POST ${FAAS}/events/:eventId/invoke`,
      `POST ${FAAS}/lambdas/:uuid/invoke`,
      `GET ${NATIVE}/agent-commands`,
      `POST ${NATIVE}/conversations/:conversationId/agent-commands`,
      `POST ${NATIVE}/functions/:functionId/test`,
    ],
  },
  {
    what: 'logs, records with inputs and results: read',
    who: '---xx -xx - ----',
    routes: [
      `GET ${FAAS}/logs/export`,
      `GET ${NATIVE}/logs`,
      `GET ${NATIVE}/logs/export`,
      `GET ${NATIVE}/logs/tail`,
      `GET ${NATIVE}/invocations`,
      `GET ${NATIVE}/invocations/:recordId`,
      `GET ${NATIVE}/invocations/:recordId/recording`,
      `GET ${NATIVE}/replays`,
      `GET ${NATIVE}/replays/:jobId`,
      `GET ${NATIVE}/replays/:jobId/progress`,
      `GET ${NATIVE}/replays/:jobId/runs`,
      `GET ${NATIVE}/replays/:jobId/runs/:recordId`,
    ],
  },
  {
    what: 'reports: metrics and outcomes',
    who: '---xx xxx x x---',
    routes: [
      `GET ${FAAS}/reports/invocationCounts`,
      `GET ${FAAS}/reports/invocations/:uuid`,
      `GET ${FAAS}/reports/lambdaCounts`,
      `GET ${FAAS}/reports/limitCounts`,
      `GET ${NATIVE}/metrics`,
      `GET ${NATIVE}/functions-health`,
      `GET ${NATIVE}/functions/:functionId/metrics`,
      `GET ${NATIVE}/usage`,
    ],
  },
  {
    what: 'schedules: read',
    who: '---xx xxx x x---',
    routes: [
      `GET ${FAAS}/schedules`,
      `GET ${NATIVE}/schedules`,
      `GET ${NATIVE}/schedules/:scheduleId`,
      `GET ${NATIVE}/schedules/:scheduleId/runs`,
      `POST ${NATIVE}/schedule-previews`,
    ],
  },
  {
    what: 'schedules: make, change, delete, run now',
    who: '---x- -xx - ----',
    routes: [
      `POST ${FAAS}/schedules`,
      `PUT ${FAAS}/schedules/:uuid`,
      `DELETE ${FAAS}/schedules/:uuid`,
      `POST ${NATIVE}/schedules`,
      `POST ${NATIVE}/schedules/:scheduleId/runs`,
      `PATCH ${NATIVE}/schedules/:scheduleId`,
      `DELETE ${NATIVE}/schedules/:scheduleId`,
    ],
  },
  {
    what: 'allowed domains, blocked calls: read',
    who: '---xx -xx - ----',
    routes: [
      `GET ${FAAS}/proxy-settings`,
      `GET ${NATIVE}/allowed-domains`,
      `GET ${NATIVE}/blocked-calls`,
    ],
  },
  {
    what: 'allowed domains: change, try',
    who: '---x- --x - ----',
    routes: [
      `POST ${FAAS}/proxy-settings`,
      `DELETE ${FAAS}/proxy-settings/:id`,
      `POST ${NATIVE}/allowed-domains`,
      `POST ${NATIVE}/allowed-domains/checks`,
      `DELETE ${NATIVE}/allowed-domains/:domainId`,
    ],
  },
  {
    what: 'secrets: names',
    who: '---xx -xx - ----',
    routes: [`GET ${NATIVE}/secrets`],
  },
  {
    what: 'secrets: set, delete',
    who: '---x- --x - ----',
    routes: [
      `POST ${NATIVE}/secrets`,
      `PUT ${NATIVE}/secrets/:name`,
      `DELETE ${NATIVE}/secrets/:name`,
    ],
  },
]
