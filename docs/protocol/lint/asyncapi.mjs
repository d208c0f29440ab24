// Prints what is wrong with an AsyncAPI document, and exits with 1 if anything is.
import { Parser, fromFile } from '@asyncapi/parser';

const { document, diagnostics } = await fromFile(new Parser(), process.argv[2]).parse();
const problems = diagnostics.filter(
  // That there is a newer version of AsyncAPI is no problem of the document.
  (d) => d.severity <= 1,
);
for (const problem of problems) console.error(`${problem.path.join('/')}: ${problem.message}`);
if (!document || problems.length > 0) process.exit(1);
console.log(`${process.argv[2]}: ${document.allMessages().all().length} messages, valid`);
