/** What a person is told who gets front doors and their routes wrong. */
import { describe, expect, test } from 'vitest'
import { complaint, scenario } from './support.ts'

const ROUTE = '{ type: http-api, api: shop }'

/** One function behind a door, by lines that tests can point at. */
function shop(parts: {
  readonly events?: string
  readonly apis?: string
  readonly traffic?: string
  readonly account?: string
}): string {
  const { events = `{ way: ${ROUTE} }`, apis = '{ shop: { protocol: http-api } }' } = parts
  const functions = `
  hello:
    runtime: nodejs22.x
    handler: { duration: 50ms }
    coldStart: none
    events: ${events}`
  const { traffic = '{ web: { to: shop, rate: 1/s } }' } = parts
  const { account } = parts
  return scenario({ functions, apis, traffic, ...(account !== undefined && { account }) })
}

describe('an api', () => {
  test('with a function behind it is valid', async () => {
    expect(await complaint(shop({}))).toBe('no complaint')
    expect(await complaint(shop({ traffic: '{ web: { to: apis.shop, rate: 1/s } }' }))).toBe(
      'no complaint',
    )
  })

  test('has a function behind it', async () => {
    expect(await complaint(shop({ events: '{}' }))).toMatchInlineSnapshot(`
      "s.yaml:11:15: nothing is behind shop: give a function an event such as { type: http-api, api: shop }
        apis: { shop: { protocol: http-api } }
                      ^"
    `)
  })

  test('has a protocol that is known', async () => {
    expect(await complaint(shop({ apis: '{ shop: { protocol: grpc } }' }))).toMatchInlineSnapshot(`
      "s.yaml:11:27: \`grpc\` is no known protocol: known are rest-api, http-api, websocket-api, alb, function-url
        apis: { shop: { protocol: grpc } }
                                  ^^^^"
    `)
  })

  test('of HTTP waits 30 s at most', async () => {
    const apis = '{ shop: { protocol: http-api, integrationTimeout: 31s } }'
    expect(await complaint(shop({ apis }))).toMatchInlineSnapshot(`
      "s.yaml:11:57: \`31s\` is out of range: from 50ms to 30s is allowed
        apis: { shop: { protocol: http-api, integrationTimeout: 31s } }
                                                                ^^^"
    `)
    expect(await complaint(shop({ apis: apis.replace('31s', '30s') }))).toBe('no complaint')
  })

  test('of REST waits 29 s at most', async () => {
    const apis = '{ shop: { protocol: rest-api, integrationTimeout: 30s } }'
    const events = '{ way: { type: rest-api, api: shop } }'
    expect(await complaint(shop({ apis, events }))).toMatchInlineSnapshot(`
      "s.yaml:11:57: 30s is over the account's quota of 29s: \`account.apiGateway.integrationTimeout\` says how far AWS has raised it
        apis: { shop: { protocol: rest-api, integrationTimeout: 30s } }
                                                                ^^^"
    `)
  })
})

describe('an integration timeout over 29 s', () => {
  const shopOf = (api: string, account = '') =>
    shop({
      apis: `{ shop: { protocol: rest-api, ${api} } }`,
      events: '{ way: { type: rest-api, api: shop } }',
      ...(account !== '' && { account }),
    })

  test('of an edge-optimised API is refused, whatever the quota', async () => {
    const text = shopOf(
      'integrationTimeout: 40s, endpointConfiguration: { type: EDGE }',
      '{ region: us-east-1, apiGateway: { integrationTimeout: 2m } }',
    )
    expect(await complaint(text)).toContain('an edge-optimised API waits 29s at most')
  })

  test('needs a quota of the account', async () => {
    const quota = (longest: string) =>
      `{ region: us-east-1, apiGateway: { integrationTimeout: ${longest} } }`
    const timeout = 'integrationTimeout: 40s'
    expect(await complaint(shopOf(timeout, quota('40s')))).toBe('no complaint')
    expect(await complaint(shopOf(timeout, quota('39s')))).toContain('quota of 39s')
  })

  test('is refused before June 2024', async () => {
    const account = '{ region: us-east-1, apiGateway: { integrationTimeout: 2m } }'
    const text = shopOf('integrationTimeout: 40s', account)
    expect(await complaint(`platform: 2024-05\n${text}`)).toContain('before June 2024')
    expect(await complaint(`platform: 2024-06\n${text}`)).toBe('no complaint')
  })

  test('of a route is refused at the route', async () => {
    const events = '{ way: { type: rest-api, api: shop, integrationTimeout: 30s } }'
    const apis = '{ shop: { protocol: rest-api } }'
    expect(await complaint(shop({ apis, events }))).toMatchInlineSnapshot(`
      "s.yaml:9:69: 30s is over the account's quota of 29s: \`account.apiGateway.integrationTimeout\` says how far AWS has raised it
            events: { way: { type: rest-api, api: shop, integrationTimeout: 30s } }
                                                                            ^^^"
    `)
  })
})

describe('an authorizer', () => {
  test('is a function that there is', async () => {
    const apis = '{ shop: { protocol: http-api, authorizer: { function: helo } } }'
    expect(await complaint(shop({ apis }))).toMatchInlineSnapshot(`
      "s.yaml:11:61: there is no function \`helo\`: known are hello; did you mean \`hello\`?
        apis: { shop: { protocol: http-api, authorizer: { function: helo } } }
                                                                    ^^^^"
    `)
  })

  test('of a WebSocket API keeps nothing', async () => {
    const authorizer = '{ function: hello, authorizerResultTtl: 1m }'
    const apis = `{ shop: { protocol: websocket-api, authorizer: ${authorizer} } }`
    const events = '{ way: { type: websocket-api, api: shop } }'
    expect(await complaint(shop({ apis, events }))).toContain('unknown key `authorizerResultTtl`')
  })
})

test('a gateway response is of a known type and an error', async () => {
  const responses = '{ THROTLED: { statusCode: 503 }, THROTTLED: { statusCode: 200 } }'
  const apis = `{ shop: { protocol: rest-api, gatewayResponses: ${responses} } }`
  const events = '{ way: { type: rest-api, api: shop } }'
  expect(await complaint(shop({ apis, events }))).toMatchInlineSnapshot(`
    "s.yaml:11:57: unknown key \`THROTLED\` in apis.shop.gatewayResponses; did you mean \`THROTTLED\`?
      ...protocol: rest-api, gatewayResponses: { THROTLED: { statusCode: 503 }, THROTTLED: { statusCode: 200 ...
                                                 ^^^^^^^^
    s.yaml:11:113: statusCode is a whole number from 400 to 599
      ...l: rest-api, gatewayResponses: { THROTLED: { statusCode: 503 }, THROTTLED: { statusCode: 200 } } } }
                                                                                                  ^^^"
  `)
})

describe('connections', () => {
  const chat = (traffic: string, routeKey = '$default') =>
    shop({
      apis: '{ shop: { protocol: websocket-api } }',
      events: `{ way: { type: websocket-api, api: shop, routeKey: ${routeKey} } }`,
      traffic: `{ web: { to: shop, ${traffic} } }`,
    })

  test('belong to a WebSocket API', async () => {
    const connection = 'connection: { messageInterval: 1s }'
    expect(await complaint(chat(`rate: 1/s, ${connection}`))).toBe('no complaint')
    for (const to of ['shop', 'hello']) {
      const traffic = `{ web: { to: ${to}, rate: 1/s, ${connection} } }`
      expect(await complaint(shop({ traffic }))).toContain(
        `\`connection\` belongs to a websocket-api, and \`${to}\` is none`,
      )
    }
  })

  test('are opened at a rate', async () => {
    const users = 'process: users, users: 3, thinkTime: 1s, connection: {}'
    expect(await complaint(chat(users))).toContain('clients that open connections come at a rate')
  })

  test('need a route for their messages, if there are any', async () => {
    const why = 'shop has no route for messages'
    expect(await complaint(chat('rate: 1/s', '$connect'))).toContain(why)
    const sends = 'rate: 1/s, connection: { messageInterval: 1s }'
    expect(await complaint(chat(sends, '$connect'))).toContain(why)
    expect(await complaint(chat('rate: 1/s, connection: {}', '$connect'))).toBe('no complaint')
  })

  test('send no message by the route $connect', async () => {
    const traffic = 'rate: 1/s, route: way, connection: {}'
    expect(await complaint(chat(traffic, '$connect'))).toContain('no message takes the route $conn')
  })
})

describe('a change of a limit', () => {
  const changed = (set: string) =>
    `timeline: [{ at: 1s, set: { ${set} } }]\n${shop({ apis: '{ shop: { protocol: http-api } }' })}`

  test('is a whole limit', async () => {
    expect(await complaint(changed('apis.shop.throttle: { rate: 1/s, burst: 1 }'))).toBe(
      'no complaint',
    )
    expect(await complaint(changed('apis.shop.throttle.rate: 1/s'))).toMatchInlineSnapshot(`
      "s.yaml:1:54: from then on: missing required key \`burst\` in apis.shop.throttle
        timeline: [{ at: 1s, set: { apis.shop.throttle.rate: 1/s } }]
                                                             ^^^"
    `)
  })

  test('is none of a key that stays', async () => {
    expect(await complaint(changed('apis.shop.integrationTimeout: 1s'))).toContain(
      '`apis.shop.integrationTimeout` cannot change during a run; what can: ',
    )
    expect(await complaint(changed('apis.shop.usagePlan.quota.limit: 1'))).toContain(
      '`apis.shop.usagePlan.quota.limit` cannot change during a run',
    )
  })
})

describe('a route', () => {
  test('names an api that there is', async () => {
    const events = '{ way: { type: http-api, api: shp } }'
    expect(await complaint(shop({ events }))).toMatchInlineSnapshot(`
      "s.yaml:9:43: there is no api \`shp\`: known are shop; did you mean \`shop\`?
            events: { way: { type: http-api, api: shp } }
                                                  ^^^
      s.yaml:11:15: nothing is behind shop: give a function an event such as { type: http-api, api: shop }
        apis: { shop: { protocol: http-api } }
                      ^"
    `)
  })

  test('belongs to an api of its own kind', async () => {
    const events = '{ way: { type: rest-api, api: shop } }'
    expect(await complaint(shop({ events }))).toMatchInlineSnapshot(`
      "s.yaml:9:43: \`shop\` has the protocol http-api: an event of type rest-api is a route of an api of its own kind
            events: { way: { type: rest-api, api: shop } }
                                                  ^^^^"
    `)
  })

  test('of a function URL is the only one of its function', async () => {
    const url = '{ type: function-url, api: shop }'
    const apis = '{ shop: { protocol: function-url }, other: { protocol: function-url } }'
    const events = `{ way: ${url}, again: ${url.replace('shop', 'other')} }`
    expect(await complaint(shop({ apis, events }))).toMatchInlineSnapshot(`
      "s.yaml:9:70: hello has a function-url by the event way already: it may have one for each alias
            events: { way: { type: function-url, api: shop }, again: { type: function-url, api: other } }
                                                                             ^^^^^^^^^^^^"
    `)
  })

  test('is the only one of its method and path', async () => {
    const way = '{ type: http-api, api: shop, path: /a, method: GET }'
    const events = `{ way: ${way}, again: ${way.replace('GET', 'get')} }`
    expect(await complaint(shop({ events }))).toMatchInlineSnapshot(`
      "s.yaml:9:116: shop has the route GET /a already, by functions.hello.events.way
        ...i, api: shop, path: /a, method: GET }, again: { type: http-api, api: shop, path: /a, method: get } }
                                                                                            ^^"
    `)
    for (const other of ['method: POST', 'method: ANY']) {
      const apart = `{ way: ${way}, again: ${way.replace('method: GET', other)} }`
      expect(await complaint(shop({ events: apart }))).toBe('no complaint')
    }
  })

  test('is the only one of its route key', async () => {
    const way = '{ type: websocket-api, api: shop }'
    const apis = '{ shop: { protocol: websocket-api } }'
    expect(await complaint(shop({ apis, events: `{ way: ${way}, again: ${way} }` }))).toContain(
      'shop has the route $default already, by functions.hello.events.way',
    )
  })

  test('of a function URL is the only one of its api', async () => {
    const url = '{ type: function-url, api: shop }'
    const apis = '{ shop: { protocol: function-url } }'
    const events = `{ way: ${url}, again: ${url} }`
    expect(await complaint(shop({ apis, events }))).toContain(
      'a function-url leads to one function',
    )
  })
})

describe('traffic', () => {
  test('names a route of its api', async () => {
    const traffic = '{ web: { to: shop, route: wey, rate: 1/s } }'
    expect(await complaint(shop({ traffic }))).toMatchInlineSnapshot(`
      "s.yaml:10:36: \`shop\` has no route \`wey\`: known are hello.way; did you mean \`way\`?
        traffic: { web: { to: shop, route: wey, rate: 1/s } }
                                           ^^^"
    `)
  })

  test('names a route of an api only', async () => {
    const traffic = '{ web: { to: hello, route: way, rate: 1/s } }'
    expect(await complaint(shop({ traffic }))).toMatchInlineSnapshot(`
      "s.yaml:10:37: \`route\` is one of the routes of an api, and \`hello\` is none
        traffic: { web: { to: hello, route: way, rate: 1/s } }
                                            ^^^"
    `)
  })

  test('to an api carries no messages', async () => {
    const traffic = '{ web: { to: shop, batch: 3, rate: 1/s } }'
    expect(await complaint(shop({ traffic }))).toContain('a synchronous call carries none')
  })
})
