/** What is wrong with a definition is told in its own file, with line, pointer and caret. */
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { loadScenario } from '../../src/scenario/load.ts'
import { NO_FILES } from '../support/run.ts'

const FRAME = `name: flows
duration: 1m
account: { region: us-east-1 }
functions: { work: { runtime: nodejs22.x, handler: { duration: 50ms }, coldStart: none } }
traffic: { start: { to: machine, rate: 1/s } }
`

async function complaint(machine: string, definition = '', others = ''): Promise<string> {
  const files = {
    ...NO_FILES,
    readText: (path: string) =>
      path === 'd.json'
        ? Promise.resolve(definition)
        : Promise.reject(new Error(`there is no file ${path}`)),
  }
  const text = `${FRAME}stateMachines: { machine: ${machine} }\n${others}`
  const loaded = await loadScenario({ text, fileName: 's.yaml', files })
  return loaded.ok ? 'no complaint' : loaded.formatted
}

const ofFile = (definition: string, settings = '') =>
  complaint(`{ definition: d.json${settings} }`, definition)

describe('a definition', () => {
  it('may be indented with tabs, as JSON may be', async () => {
    const text = '{\n\t"StartAt": "A",\n\t"States": {\n\t\t"A": { "Type": "Succeed" }\n\t}\n}\n'
    expect(await ofFile(text)).toBe('no complaint')
  })

  it('is told about all at once', async () => {
    const text = `{
  "StartAt": "First",
  "States": {
    "First": {
      "Type": "Task",
      "Resource": "arn:aws:lambda:us-east-1:123456789012:function:work",
      "Next": "Secnd",
      "Retry": [{ "ErrorEquals": ["States.ALL"], "BackoffRate": 0.5 }, { "ErrorEquals": ["A"] }]
    },
    "Second": { "Type": "Pass" },
    "Third": { "Type": "Chioce", "Next": "Second" },
    "Fourth": { "Type": "Wait", "Seconds": 1, "SecondsPath": "$.x", "End": true, "ResultPth": "$" },
    "Fifth": { "Type": "Pass", "InputPath": "order", "ResultPath": "$.a[*]", "Next": "Second" },
    "Sixth": {
      "Type": "Choice",
      "Choices": [{ "Variable": "$.x", "NumericEqual": 1, "Next": "First" }, { "Next": "Second" }]
    },
    "Seventh": { "Type": "Pass", "Parameters": { "n.$": "States.MathSum(1, 2)" }, "End": true }
  }
}
`
    expect(await ofFile(text)).toMatchInlineSnapshot(`
      "d.json:7:15: there is no state \`Secnd\` here: known are First, Second, Third, Fourth, Fifth, Sixth, Seventh (at /States/First/Next); did you mean \`Second\`?
              "Next": "Secnd",
                      ^^^^^^^
      d.json:8:34: States.ALL stands alone, and in the last entry of the list (at /States/First/Retry/0/ErrorEquals)
              "Retry": [{ "ErrorEquals": ["States.ALL"], "BackoffRate": 0.5 }, { "ErrorEquals": ["A"] }]
                                         ^
      d.json:8:65: BackoffRate is a number of at least 1.0 (at /States/First/Retry/0/BackoffRate)
              "Retry": [{ "ErrorEquals": ["States.ALL"], "BackoffRate": 0.5 }, { "ErrorEquals": ["A"] }]
                                                                        ^^^
      d.json:10:5: state \`Second\` has no \`Next\`, and no \`"End": true\` (at /States/Second)
            "Second": { "Type": "Pass" },
            ^^^^^^^^
      d.json:11:24: \`Chioce\` is no type of state: known are Task, Pass, Choice, Wait, Succeed, Fail, Parallel, Map (at /States/Third/Type); did you mean \`Choice\`?
            "Third": { "Type": "Chioce", "Next": "Second" },
                               ^^^^^^^^
      d.json:12:5: a Wait has exactly one of Seconds, SecondsPath, Timestamp, TimestampPath (at /States/Fourth)
            "Fourth": { "Type": "Wait", "Seconds": 1, "SecondsPath": "$.x", "End": true, "ResultPth": "$" },
            ^^^^^^^^
      d.json:12:82: a Wait state has no field \`ResultPth\` (at /States/Fourth/ResultPth)
            "Fourth": { "Type": "Wait", "Seconds": 1, "SecondsPath": "$.x", "End": true, "ResultPth": "$" },
                                                                                         ^^^^^^^^^^^
      d.json:13:45: \`order\` is no path: a path begins with $ (at /States/Fifth/InputPath)
            "Fifth": { "Type": "Pass", "InputPath": "order", "ResultPath": "$.a[*]", "Next": "Second" },
                                                    ^^^^^^^
      d.json:13:68: \`$.a[*]\` leads to more than one place: only . and [] with a name or number may stand in it (at /States/Fifth/ResultPath)
            "Fifth": { "Type": "Pass", "InputPath": "order", "ResultPath": "$.a[*]", "Next": "Second" },
                                                                           ^^^^^^^^
      d.json:16:40: \`NumericEqual\` is no comparison (at /States/Sixth/Choices/0/NumericEqual); did you mean \`NumericEquals\`?
              "Choices": [{ "Variable": "$.x", "NumericEqual": 1, "Next": "First" }, { "Next": "Second" }]
                                               ^^^^^^^^^^^^^^
      d.json:16:78: a rule has one comparison, such as \`StringEquals\`, beside its \`Variable\` (at /States/Sixth/Choices/1)
              "Choices": [{ "Variable": "$.x", "NumericEqual": 1, "Next": "First" }, { "Next": "Second" }]
                                                                                     ^
      d.json:18:57: the intrinsic function \`States.MathSum(1, 2)\` calls States.MathSum: known are States.Format, States.StringToJson, States.JsonToString, States.Array, States.ArrayPartition, States.ArrayContains, States.ArrayRange, States.ArrayGetItem, States.ArrayLength, States.ArrayUnique, States.Base64Encode, States.Base64Decode, States.Hash, States.JsonMerge, States.MathRandom, States.MathAdd, States.StringSplit, States.UUID (at /States/Seventh/Parameters/n.$)
            "Seventh": { "Type": "Pass", "Parameters": { "n.$": "States.MathSum(1, 2)" }, "End": true }
                                                                ^^^^^^^^^^^^^^^^^^^^^^"
    `)
  })

  it('that calls what the scenario lacks says what may be stated', async () => {
    const text = `{
  "StartAt": "Charge",
  "States": {
    "Charge": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:charge", "Next": "Run" },
    "Run": { "Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "Next": "Big?" },
    "Big?": { "Type": "Choice", "Choices": [{ "Variable": "$.n", "NumericEquals": 1, "Next": "Each" }], "Default": "Each" },
    "Each": { "Type": "Map", "Iterator": { "StartAt": "W", "States": { "W": { "Type": "Wait", "SecondsPath": "$.s", "End": true } } }, "End": true }
  }
}
`
    expect(await ofFile(text)).toMatchInlineSnapshot(`
      "s.yaml:6:18: the definition of \`machine\` leaves open what the messages after this one ask for: to begin with, this may stand in it
        stateMachines: { machine: { definition: d.json } }
                         ^^^^^^^
          resources:
            "arn:aws:lambda:us-east-1:1:function:charge": NAME  # a function
          choices:
            "Big?": { Each: 100% }
          items:
            Each: 10
          durations:
            Run: 1s
            W: 10s
      d.json:4:45: \`charge\` is no function of the scenario: known are work; \`resources: { "arn:aws:lambda:us-east-1:1:function:charge": NAME }\` says which one is meant, or \`durations: { Charge: 1s }\` how long it takes (at /States/Charge/Resource)
        ..."Charge": { "Type": "Task", "Resource": "arn:aws:lambda:us-east-1:1:function:charge", "Next": "Run" ...
                                                   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      d.json:5:5: the simulator has no Ecs: state how long \`Run\` takes, as \`durations: { Run: 1s }\`, or \`serviceDuration\` for all such tasks (at /States/Run)
            "Run": { "Type": "Task", "Resource": "arn:aws:states:::ecs:runTask.sync", "Next": "Big?" },
            ^^^^^
      d.json:6:5: where \`Big?\` goes depends on data that is not known: state \`choices: { "Big?": { Each: 100% } }\`; the rest goes to Each (at /States/Big?)
            "Big?": { "Type": "Choice", "Choices": [{ "Variable": "$.n", "NumericEquals": 1, "Next": "Each" ...
            ^^^^^^
      d.json:7:5: how many items \`Each\` has depends on data that is not known: state \`items: { Each: 10 }\` (at /States/Each)
            "Each": { "Type": "Map", "Iterator": { "StartAt": "W", "States": { "W": { "Type": "Wait", "Secon...
            ^^^^^^
      d.json:7:72: how long \`W\` waits depends on data that is not known: state \`durations: { W: 10s }\` (at /States/Each/Iterator/States/W)
        ...terator": { "StartAt": "W", "States": { "W": { "Type": "Wait", "SecondsPath": "$.s", "End": true } }...
                                                   ^^^"
    `)
  })

  it('in JSONata is read before anything runs', async () => {
    const text = `{
  "QueryLanguage": "JSONata",
  "StartAt": "A",
  "States": {
    "A": { "Type": "Pass", "Output": "{% $states.input. %}", "Next": "B" },
    "B": { "Type": "Pass", "InputPath": "$.x", "End": true }
  }
}
`
    expect(await ofFile(text)).toMatchInlineSnapshot(`
      "d.json:5:38: the JSONata expression cannot be read at character 16: Unexpected end of expression (at /States/A/Output)
            "A": { "Type": "Pass", "Output": "{% $states.input. %}", "Next": "B" },
                                             ^^^^^^^^^^^^^^^^^^^^^^
      d.json:6:28: \`InputPath\` has no meaning where QueryLanguage is JSONata (at /States/B/InputPath)
            "B": { "Type": "Pass", "InputPath": "$.x", "End": true }
                                   ^^^^^^^^^^^"
    `)
  })

  it('of an Express workflow waits for nobody', async () => {
    const text = `{ "StartAt": "A", "States": { "A": { "Type": "Task",
  "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true } } }
`
    expect(await ofFile(text, ', type: EXPRESS')).toMatchInlineSnapshot(`
      "d.json:2:15: an EXPRESS workflow waits for no job, no callback and no activity (.sync, .waitForTaskToken) (at /States/A/Resource)
          "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken", "End": true } } }
                      ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"
    `)
  })

  it('that is no definition, or no file', async () => {
    expect(await ofFile('[]')).toMatchInlineSnapshot(`
      "d.json:1:1: a definition is a YAML map with keys such as \`StartAt\` and \`States\`, not a list
        []
        ^"
    `)
    expect(await ofFile('{ "StartAt": "A", ')).toMatchInlineSnapshot(`
      "d.json:1:1: not valid YAML: \`{\` is never closed
        { "StartAt": "A", 
        ^"
    `)
    expect(await complaint('{ definition: other.json }')).toMatchInlineSnapshot(`
      "s.yaml:6:41: there is no file other.json
        stateMachines: { machine: { definition: other.json } }
                                                ^^^^^^^^^^"
    `)
    expect(await complaint('{ type: STANDARD }')).toMatchInlineSnapshot(`
      "s.yaml:6:18: missing required key \`definition\`: a file in Amazon States Language, or the definition itself
        stateMachines: { machine: { type: STANDARD } }
                         ^^^^^^^"
    `)
  })

  it('that stands in the scenario is pointed at there', async () => {
    const machine = '{ definition: { StartAt: A, States: { A: { Type: Pass, Next: B } } } }'
    expect(await complaint(machine)).toMatchInlineSnapshot(`
      "s.yaml:6:88: there is no state \`B\` here: known are A (at /States/A/Next); did you mean \`A\`?
        stateMachines: { machine: { definition: { StartAt: A, States: { A: { Type: Pass, Next: B } } } } }
                                                                                               ^"
    `)
  })
})

describe('what steers a definition', () => {
  const text = `{ "StartAt": "A", "States": {
  "A": { "Type": "Choice", "Choices": [{ "Variable": "$.n", "IsNull": true, "Next": "B" }], "Default": "C" },
  "B": { "Type": "Task", "Resource": "work", "End": true },
  "C": { "Type": "Succeed" } } }
`

  it('names states and shares that there are', async () => {
    const settings =
      ', choices: { A: { D: 10% }, Z: {} }, results: { B: [ { share: 50%, error: E }, { share: 30x } ] }, durations: { C: 1s }, items: { B: 4 }'
    expect(await ofFile(text, settings)).toMatchInlineSnapshot(`
      "s.yaml:6:68: \`A\` does not lead to \`D\`: known are C, B; did you mean \`C\`?
        ... definition: d.json, choices: { A: { D: 10% }, Z: {} }, results: { B: [ { share: 50%, error: E }, { ...
                                                   ^^^
      s.yaml:6:78: \`Z\` is no Choice of the definition: known are A; did you mean \`A\`?
        ...n: d.json, choices: { A: { D: 10% }, Z: {} }, results: { B: [ { share: 50%, error: E }, { share: 30x...
                                                   ^
      s.yaml:6:98: the shares of the results of a task add up to 100%
        ...{ A: { D: 10% }, Z: {} }, results: { B: [ { share: 50%, error: E }, { share: 30x } ] }, durations: {...
                                                   ^
      s.yaml:6:135: \`30x\` is not a share: a share is a percentage, such as 0.2% or 60%
        ...ults: { B: [ { share: 50%, error: E }, { share: 30x } ] }, durations: { C: 1s }, items: { B: 4 } } }
                                                           ^^^
      s.yaml:6:162: \`C\` is no Task or Wait of the definition: known are B; did you mean \`B\`?
        ...ults: { B: [ { share: 50%, error: E }, { share: 30x } ] }, durations: { C: 1s }, items: { B: 4 } } }
                                                                                      ^^
      s.yaml:6:180: \`B\` is no Map of the definition: there is none
        ...ults: { B: [ { share: 50%, error: E }, { share: 30x } ] }, durations: { C: 1s }, items: { B: 4 } } }
                                                                                                        ^"
    `)
  })

  it('has values that mean something', async () => {
    const settings =
      ', choices: { A: { B: 120% } }, duplicateExecutions: 5%, transitionLatency: 5, memorySize: 3'
    expect(await ofFile(text, settings)).toMatchInlineSnapshot(`
      "s.yaml:6:68: a share is at most 100% (\`120%\`)
        ... definition: d.json, choices: { A: { B: 120% } }, duplicateExecutions: 5%, transitionLatency: 5, mem...
                                                   ^^^^
      s.yaml:6:122: \`5\` has no unit: write 5s or 5ms, say
        ....json, choices: { A: { B: 120% } }, duplicateExecutions: 5%, transitionLatency: 5, memorySize: 3 } }
                                                                                           ^
      s.yaml:6:125: unknown key \`memorySize\` in stateMachines.machine: known here are type, definition, definitionUri, definitionSubstitutions, resources, input, inputs, choices, items, results, durations, serviceDuration, errors, transitionLatency, duplicateExecutions, memory, events
        ....json, choices: { A: { B: 120% } }, duplicateExecutions: 5%, transitionLatency: 5, memorySize: 3 } }
                                                                                              ^^^^^^^^^^"
    `)
  })

  it('redrives no Express execution', async () => {
    const files = { ...NO_FILES, readText: () => Promise.resolve(text) }
    const scenario = `${FRAME}stateMachines: { machine: { type: EXPRESS, definition: d.json, choices: { A: { B: 50% } } } }
timeline: [ { at: 10s, redriveExecutions: machine } ]
`
    const loaded = await loadScenario({ text: scenario, fileName: 's.yaml', files })
    expect(loaded.ok ? '' : loaded.formatted).toMatchInlineSnapshot(`
      "s.yaml:7:43: Express executions cannot be redriven
        timeline: [ { at: 10s, redriveExecutions: machine } ]
                                                  ^^^^^^^"
    `)
  })
})

describe('what starts executions', () => {
  const definition = '{ StartAt: A, States: { A: { Type: Succeed } } }'
  const told = async (machine: string, others: string): Promise<readonly string[]> => {
    const frame = FRAME.replace(/^traffic: .*\n/m, '')
    const text = `${frame}stateMachines: { machine: { definition: ${definition}${machine} } }\n${others}`
    const loaded = await loadScenario({ text, fileName: 's.yaml', files: NO_FILES })
    if (loaded.ok) return []
    return loaded.diagnostics.map(({ line, message }) => `${line}: ${message}`)
  }

  it('waits for EXPRESS workflows only, whoever starts them', async () => {
    const api = 'apis: { shop: { protocol: http-api } }'
    const event = ', events: { way: { type: http-api, api: shop, action: StartSyncExecution } }'
    const others = `${api}
traffic: { web: { to: machine, action: StartSyncExecution, rate: 1/s } }
`
    const refusal =
      'StartSyncExecution is of EXPRESS workflows only: a STANDARD one takes StartExecution, which waits for nothing'
    expect(await told(event, others)).toEqual([`5: ${refusal}`, `7: ${refusal}`])
    expect(await told(`, type: EXPRESS${event}`, others)).toEqual([])
  })

  it('says so where a handler waits', async () => {
    const calls = 'calls: [{ stateMachine: machine, action: StartSyncExecution, timeout: 1s }]'
    const functions = `functions: { f: { runtime: nodejs22.x, handler: { duration: 1ms, ${calls} } } }`
    const scenario = `name: s
duration: 1m
account: { region: us-east-1 }
${functions}
stateMachines: { machine: { definition: ${definition} } }
`
    const loaded = await loadScenario({ text: scenario, fileName: 's.yaml', files: NO_FILES })
    expect(loaded.ok ? '' : loaded.formatted).toContain(
      's.yaml:4:107: StartSyncExecution is of EXPRESS workflows only',
    )
  })

  it('has a type that is known, and an action that belongs to a state machine', async () => {
    const events = ', events: { way: { type: sqs, queue: q }, none: {} }'
    expect(
      await told(events, 'traffic: { web: { to: work, action: StartExecution, rate: 1/s } }'),
    ).toEqual([
      '5: `sqs` starts no executions: known are schedule, eventbridge, rest-api, http-api',
      '5: missing required key `type` in stateMachines.machine.events.none',
      '6: action belongs to a state machine, and `work` is none',
    ])
  })

  it('is a route of an api of its own kind, and no second one', async () => {
    const events =
      ', events: { a: { type: rest-api, api: shop }, b: { type: http-api, api: shop, path: /x }, c: { type: http-api, api: shop, path: /x } }'
    expect(await told(events, 'apis: { shop: { protocol: http-api } }')).toEqual([
      '5: `shop` has the protocol http-api: an event of type rest-api is a route of an api of its own kind',
      '5: shop has the route ANY /x already, by stateMachines.machine.events.b',
    ])
  })

  it('answers nothing that users or retries could wait for, unless it is synchronous', async () => {
    const traffic = 'traffic: { web: { to: machine, rate: 1/s, client: { timeout: 1s } } }'
    expect(await told('', traffic)).toEqual([
      '6: `client` says what callers do that wait for an answer: `machine` takes what is sent and answers at once',
    ])
    const waiting = traffic.replace('to: machine', 'to: machine, action: StartSyncExecution')
    expect(await told(', type: EXPRESS', waiting)).toEqual([])
  })
})

describe('thresholds', () => {
  it('may be on state machines and on their states', async () => {
    const files = {
      ...NO_FILES,
      readText: () =>
        Promise.resolve(
          '{ "StartAt": "A", "States": { "A": { "Type": "Task", "Resource": "work", "End": true } } }',
        ),
    }
    const load = (threshold: string) =>
      loadScenario({
        text: `${FRAME}stateMachines: { machine: { definition: d.json } }\nthresholds: [ ${threshold} ]\n`,
        fileName: 's.yaml',
        files,
      })
    for (const threshold of [
      'machine.ExecutionTime.p99 < 1s',
      'stateMachine.machine.A.StateTime.p99 < 1s',
      'machine.A.StateTime.p50 < 1s',
    ]) {
      expect((await load(threshold)).ok, threshold).toBe(true)
    }
    const wrong = await load('machine.B.StateTime.p50 < 1s')
    expect(wrong.ok ? '' : wrong.formatted).toContain('known with it: machine, machine.A')
  })
})

describe('what a definition leaves open', () => {
  const OPEN = `{
  "StartAt": "Which",
  "States": {
    "Which": {
      "Type": "Choice",
      "Choices": [
        { "Variable": "$.a", "IsNull": true, "Next": "Each: one" },
        { "Variable": "$.b", "IsNull": true, "Next": "Nap" },
        { "Variable": "$.c", "IsNull": true, "Next": "Ask" },
        { "Variable": "$.d", "IsNull": true, "Next": "Nap" }
      ]
    },
    "Each: one": {
      "Type": "Map",
      "ItemProcessor": { "StartAt": "Run", "States": {
        "Run": { "Type": "Task", "Resource": "arn:aws:states:::batch:submitJob.sync", "End": true }
      } },
      "End": true
    },
    "Nap": { "Type": "Wait", "SecondsPath": "$.s", "End": true },
    "Ask": {
      "Type": "Task",
      "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      "Parameters": { "QueueUrl": "\${Inbox}", "MessageBody": "?" },
      "Next": "Tell"
    },
    "Tell": {
      "Type": "Task",
      "Resource": "arn:aws:states:::lambda:invoke",
      "Parameters": { "FunctionName.$": "$.teller" },
      "End": true
    }
  }
}
`

  it('is told in one piece as well, which may be pasted', async () => {
    const told = await ofFile(OPEN)
    const lines = told.split('\n')
    const from = lines.findIndex((line) => line.startsWith('    definitionSubstitutions:'))
    const end = lines.findIndex((line) => line.startsWith('d.json:'))
    const block = lines.slice(from, end).join('\n')
    expect(block).toMatchInlineSnapshot(`
      "    definitionSubstitutions:
            Inbox: NAME  # a queue
          resources:
            Tell: NAME  # a function
          choices:
            Which: { "Each: one": 33%, Nap: 33%, Ask: 34% }
          items:
            "Each: one": 10
          durations:
            Run: 1s
            Nap: 10s
            Ask: 1s"
    `)
    const settings = parse(block.replace(/NAME {2}# a queue/, 'inbox').replace('NAME', 'work'))
    const machine = JSON.stringify({ definition: 'd.json', ...settings })
    expect(await complaint(machine, OPEN, 'queues: { inbox: {} }\n')).toBe('no complaint')
  })

  it('names the placeholder that stands for nothing', async () => {
    const text = `{ "StartAt": "A", "States": {
  "A": { "Type": "Task", "Resource": "arn:aws:lambda:\${AWS::Region}:1:function:\${Prefix}-charge", "End": true } } }
`
    expect(await ofFile(text)).toMatchInlineSnapshot(`
      "d.json:2:38: what \`\${Prefix}\` stands for is not known, here a function (known are work): state \`definitionSubstitutions: { Prefix: NAME }\`, or \`durations: { A: 1s }\` how long it takes (at /States/A/Resource)
          "A": { "Type": "Task", "Resource": "arn:aws:lambda:\${AWS::Region}:1:function:\${Prefix}-charge", "E...
                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^"
    `)
  })

  it('and what the scenario says wrongly of it', async () => {
    const text =
      '{ "StartAt": "A", "States": { "A": { "Type": "Task", "Resource": "charge", "End": true } } }\n'
    expect(await ofFile(text, ', resources: { charge: wrok }')).toMatchInlineSnapshot(`
      "d.json:1:66: \`wrok\`, which \`resources\` names, is no function of the scenario: known are work; state \`resources: { A: NAME }\`, or \`durations: { A: 1s }\` how long it takes (at /States/A/Resource)
        { "StartAt": "A", "States": { "A": { "Type": "Task", "Resource": "charge", "End": true } } }
                                                                         ^^^^^^^^"
    `)
  })
})

describe('what a template leaves open', () => {
  it('may be said by the tags of templates', async () => {
    const text = `StartAt: A
States:
  A: { Type: Task, Resource: !GetAtt work.Arn, Next: B }
  B:
    Type: Task
    Resource: !Sub "arn:\${AWS::Partition}:states:::lambda:invoke"
    Parameters: { FunctionName: !Ref work }
    Next: C
  C:
    Type: Task
    Resource: !Join [":", [arn, !Ref "AWS::Partition", "states::", "lambda", "invoke"]]
    Parameters: { FunctionName: !Sub ["\${Name}", { Name: !Ref work }] }
    End: true
`
    expect(await ofFile(text)).toBe('no complaint')
    expect(await ofFile(text.replace('!Ref work', '!Select [0, x]'))).toMatchInlineSnapshot(`
      "d.json:7:33: YAML tags such as \`!Select\` mean nothing in a definition
            Parameters: { FunctionName: !Select [0, x] }
                                        ^^^^^^^"
    `)
  })

  it('may be a number without quotes', async () => {
    const text = `{ "StartAt": "A", "States": { "A": { "Type": "Wait", "Seconds": \${Pause}, "End": true } } }
`
    expect(await ofFile(text, ', definitionSubstitutions: { Pause: 5 }')).toBe('no complaint')
    expect(await ofFile(text)).toMatchInlineSnapshot(`
      "d.json:1:65: Seconds is a whole number from 0 to 99999999: \`definitionSubstitutions: { Pause: VALUE }\` says what \`\${Pause}\` stands for (at /States/A/Seconds)
        { "StartAt": "A", "States": { "A": { "Type": "Wait", "Seconds": "\${Pause}", "End": true } } }
                                                                        ^^^^^^^^^^"
    `)
  })

  it('is what CloudFormation would put there', async () => {
    const text = `{ "StartAt": "A", "States": {
  "A": { "Type": "Task", "Resource": "arn:\${AWS::Partition}:states:::lambda:invoke",
    "Parameters": { "FunctionName": { "Fn::GetAtt": ["work", "Arn"] } }, "Next": "B" },
  "B": { "Type": "Task", "Resource": "\${work.Arn}", "Next": "C" },
  "C": { "Type": "Task", "Resource": "arn:aws:lambda:\${AWS::Region}:\${AWS::AccountId}:function:work:live", "Next": "D" },
  "D": { "Type": "Task", "Resource": { "Ref": "work" }, "End": true } } }
`
    expect(await ofFile(text)).toBe('no complaint')
  })
})
