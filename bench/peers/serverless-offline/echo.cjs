// The peer: the same echo for serverless-offline.
exports.echo = async ({ body }) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(JSON.parse(body)),
})
