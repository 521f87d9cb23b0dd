const NATIVE = '/api/v1/accounts/:accountId'
const FAAS = '/api/account/:accountId'
const CONTEXT = '/v1/account/:accountId'
const CHAT = `${NATIVE}/consumer/chats/:chatId`

/** What anybody may ask for. */
export const OPEN_TO_ALL: readonly string[] = [
  'GET /',
  'GET /health',
  'GET /consumer.css',
  'GET /consumer.js',
  'GET /consumer/:accountId',
  'GET /api/v1',
  'GET /api/v1/openapi.json',
  `GET ${NATIVE}/consumer/page`,
  `GET ${FAAS}/service/:service/baseURI`,
  `GET ${FAAS}/service/:service/baseURI.json`,
  `GET ${FAAS}/service/baseURI`,
  `GET ${FAAS}/service/baseURI.json`,
  'GET /sentinel/api/account/:accountId/jwks.json',
  'GET /sentinel/well-known/jwks',
  `GET ${FAAS}/signup.jsonp`,
  `POST ${FAAS}/signup`,
  `POST ${FAAS}/anonymous/authorize`,
  `POST ${FAAS}/authenticate`,
  `POST ${NATIVE}/consumer/chats`,
  `OPTIONS ${FAAS}/signup`,
  `OPTIONS ${FAAS}/anonymous/authorize`,
  `OPTIONS ${FAAS}/authenticate`,
  `OPTIONS ${NATIVE}/consumer/chats`,
  `OPTIONS ${NATIVE}/consumer/chats/*`,
]

/** What asks for a proof of its own: a password, a secret, a cookie, a chat's token, a signature, the key of the context store,
 * the key of the operator, without which its routes do not exist. */
export const OWN_PROOF: readonly string[] = [
  `POST ${NATIVE}/sessions`,
  `POST ${FAAS}/login`,
  `POST ${FAAS}/refresh`,
  'POST /sentinel/api/account/:accountId/app/token',
  'POST /sentinel/api/v2/account/:accountId/app/token',
  `GET ${CHAT}`,
  `GET ${CHAT}/events`,
  `GET ${CHAT}/survey`,
  `POST ${CHAT}/end`,
  `POST ${CHAT}/lines`,
  `POST ${CHAT}/survey`,
  `POST ${CHAT}/typing`,
  'GET /auth/v1.0',
  'GET /v1/AUTH_async-images/:accountId/:name',
  'PUT /v1/AUTH_async-images/:accountId/:name',
  'GET /api/v1/operator/accounts',
  'POST /api/v1/operator/accounts',
  'GET /api/v1/operator/entries',
  `GET ${CONTEXT}`,
  `POST ${CONTEXT}`,
  `DELETE ${CONTEXT}/:namespace`,
  `GET ${CONTEXT}/:namespace/session-ids`,
  ...['/:namespace/properties', '/:namespace/:sessionId/properties'].flatMap((path) => [
    `GET ${CONTEXT}${path}`,
    `PATCH ${CONTEXT}${path}`,
    `DELETE ${CONTEXT}${path}`,
    `GET ${CONTEXT}${path}/:name`,
    `PUT ${CONTEXT}${path}/:name`,
    `DELETE ${CONTEXT}${path}/:name`,
  ]),
]
