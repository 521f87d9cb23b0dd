// The peer: the same echo for @google-cloud/functions-framework.
exports.echo = (request, response) => response.json(request.body)
