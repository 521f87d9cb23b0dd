import type { FastifyInstance } from 'fastify'
import { type PathMatch, matchPath } from './match-path.ts'

/** A method and the pattern of its path, such as `/api/account/:accountId/refresh`. */
export interface KnownRoute {
  readonly method: string
  readonly path: string
}

/** Remembers what is mounted, to distinguish a wrong method (405) from a wrong path (404). */
export function rememberRoutes(app: FastifyInstance) {
  const routes: { match: PathMatch; methods: string[] }[] = []
  app.addHook('onRoute', ({ url, method }) => {
    // A route for every path says nothing about the methods of one path.
    if (url === '*' || url === '/*') return
    const methods = [method].flat()
    // Whoever may read something may ask for its headers alone.
    if (methods.includes('GET')) methods.push('HEAD')
    routes.push({ match: matchPath(url), methods })
  })
  return {
    methodsOf: (path: string) =>
      routes.filter(({ match }) => match(path) !== undefined).flatMap(({ methods }) => methods),
    list: (): KnownRoute[] =>
      routes.flatMap(({ match, methods }) =>
        methods.map((method) => ({ method, path: match.pattern })),
      ),
  }
}
