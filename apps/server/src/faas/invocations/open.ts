import type { Http } from '#base/http'
import { lineLog, withDeps } from '#base/kernel'
import type { Base } from '#base/store'
import type { FunctionConfig } from '#faas/function-config'
import type { InvocationsDeps } from './deps.ts'
import { invokeDirect, invokeEventDirect } from './direct.ts'
import { invokeEvent, invokeOne, recordSkipped, withCommands } from './invoke-event.ts'
import { rerun } from './rerun.ts'
import { invocationRoutes } from './routes.ts'
import { runFunction } from './run-function.ts'

type OpenDeps = Omit<InvocationsDeps, 'maskOf' | 'howToAllow' | 'logInvoked'> &
  Pick<Base, 'logger'> & {
    functionConfig: Pick<FunctionConfig, 'secrets' | 'blockedCalls'>
  }

/** Finds the functions of a call, runs them and records what happened. */
export type Invocations = ReturnType<typeof openInvocations>

export function openInvocations({ functionConfig, ...base }: OpenDeps) {
  const deps: InvocationsDeps = {
    ...base,
    maskOf: functionConfig.secrets.maskOf,
    logInvoked: lineLog(base.logger, 'invoked'),
    howToAllow: functionConfig.blockedCalls.howToAllow,
  }
  return {
    /** For event sources inside the platform. */
    ...withDeps(deps, { invokeEvent, invokeOne, recordSkipped, rerun, runFunction, withCommands }),
    /** Keeps a record that no commit takes, such as that of an attempt that will be repeated. */
    record: base.records.writer.record,
    /** For callers outside the platform. */
    direct: withDeps(deps, { invokeFunction: invokeDirect, invokeEvent: invokeEventDirect }),
    routes: (http: Http) => invocationRoutes(http, deps),
  }
}
