/** How every page of the server looks: light and dark, desk and phone. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ink: #1d2330;
  --soft: #5c667a;
  --line: #e3e7ee;
  --ground: #f5f7fa;
  --card: #fff;
  --accent: #0b57d0;
  --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e6e9ef;
    --soft: #9aa4b6;
    --line: #2c3342;
    --ground: #12151c;
    --card: #1a1f29;
    --accent: #8ab4f8;
    --bad: #f2b8b5;
  }
}
* {
  box-sizing: border-box;
}
body {
  margin: 0;
  font:
    15px/1.55 system-ui,
    "PingFang SC",
    "Microsoft YaHei",
    "Noto Sans CJK SC",
    sans-serif;
  color: var(--ink);
  background: var(--ground);
}
header {
  display: flex;
  flex-wrap: wrap;
  gap: 1rem;
  justify-content: space-between;
  align-items: center;
  padding: 1.4rem clamp(1rem, 4vw, 3rem);
  background: var(--card);
  border-bottom: 1px solid var(--line);
}
h1 {
  margin: 0;
  font-size: 1.5rem;
  letter-spacing: -0.02em;
}
h1 span {
  color: #f5a524;
}
header p {
  margin: 0.1rem 0 0;
  color: var(--soft);
}
nav a {
  padding: 0.35rem 0.7rem;
  border-radius: 99px;
  color: var(--soft);
}
nav a[aria-current] {
  background: var(--accent);
  color: var(--card);
}
main {
  display: grid;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 32rem), 1fr));
  gap: 1.2rem;
  padding: 1.5rem clamp(1rem, 4vw, 3rem);
  max-width: 90rem;
  margin: auto;
}
section {
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 12px;
  padding: 1.1rem 1.3rem;
  min-width: 0;
}
.wide {
  grid-column: 1 / -1;
}
h2 {
  margin: 0 0 0.7rem;
  font-size: 1.02rem;
}
ul {
  list-style: none;
  margin: 0;
  padding: 0;
}
li {
  display: flex;
  flex-wrap: wrap;
  gap: 0.1rem 1rem;
  padding: 0.42rem 0;
  border-top: 1px solid var(--line);
}
li:first-child {
  border: 0;
}
li b {
  flex: 1;
  min-width: 8.5rem;
  font-weight: 600;
}
li span {
  display: flex;
  gap: 0.9rem;
  white-space: nowrap;
}
a {
  color: var(--accent);
  text-decoration: none;
}
a:hover,
a:focus-visible {
  text-decoration: underline;
}
.quiet {
  color: var(--soft);
}
.scroll {
  overflow-x: auto;
  background:
    linear-gradient(to right, var(--card) 1rem, transparent) local left,
    linear-gradient(to left, var(--card) 1rem, transparent) local right,
    linear-gradient(to right, var(--line), transparent) left,
    linear-gradient(to left, var(--line), transparent) right;
  background-repeat: no-repeat;
  background-size:
    3rem 100%,
    3rem 100%,
    1rem 100%,
    1rem 100%;
}
table {
  border-collapse: collapse;
  width: 100%;
  font-variant-numeric: tabular-nums;
}
th {
  text-align: left;
  color: var(--soft);
  font-weight: 500;
  font-size: 0.86rem;
}
th,
td {
  padding: 0.42rem 0.9rem 0.42rem 0;
  border-bottom: 1px solid var(--line);
  white-space: nowrap;
}
td:last-child {
  white-space: normal;
  min-width: 9rem;
}
tr:last-child td {
  border: 0;
}
.right {
  text-align: right;
}
.right + :not(.right) {
  padding-left: 0.9rem;
}
.failed td,
.interrupted td {
  color: var(--bad);
}
/* an alert and what to do about it */
.alerts li {
  display: block;
}
.alerts i {
  display: block;
  font-style: normal;
  color: var(--soft);
}
.alerts .critical b {
  color: var(--bad);
}
form {
  display: grid;
  gap: 0.8rem;
  max-width: 26rem;
}
.filters form {
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 12rem), 1fr));
  max-width: none;
  padding: 0.8rem 0;
  align-items: end;
}
summary {
  cursor: pointer;
  color: var(--soft);
}
.report .name {
  font-size: 1.3rem;
}
.crumbs {
  margin: 0;
}
h2 small {
  font-weight: 400;
  margin-left: 0.6rem;
}
.notes li {
  display: list-item;
  list-style: disc inside;
  border: 0;
  padding: 0.15rem 0;
  color: var(--soft);
}
.report td:last-child {
  white-space: nowrap;
  min-width: 0;
}
.report th,
.report td {
  max-width: 22rem;
  overflow: hidden;
  text-overflow: ellipsis;
}
label {
  display: grid;
  gap: 0.3rem;
}
input,
select,
button {
  font: inherit;
  padding: 0.5rem 0.8rem;
  border: 1px solid var(--line);
  border-radius: 8px;
  background: var(--ground);
  color: var(--ink);
}
button {
  cursor: pointer;
}
form.drop {
  max-width: none;
  border: 2px dashed var(--line);
  border-radius: 12px;
  padding: 1rem;
  grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), max-content));
  align-items: end;
}
.drop p {
  grid-column: 1 / -1;
  margin: 0;
}
.drop.over {
  border-color: var(--accent);
}
.drop label {
  min-width: 0;
}
.drop input {
  width: 100%;
  min-width: 0;
}
.pick {
  position: relative;
  cursor: pointer;
  justify-content: center;
  padding: 0.5rem 0.8rem;
  border-radius: 8px;
  background: var(--accent);
  color: var(--card);
}
.pick input {
  position: absolute;
  inset: 0;
  height: 100%;
  opacity: 0;
  cursor: pointer;
}
.pick:focus-within {
  outline: 2px solid var(--ink);
  outline-offset: 2px;
}
[data-dropped] li {
  list-style: none;
}
[data-dropped] p {
  margin: 0.1rem 0;
}
[data-dropped] .name {
  font-weight: 600;
  color: var(--ink);
}
.failed {
  color: var(--bad);
}
form button {
  background: var(--accent);
  color: var(--card);
  border: 0;
}
[role="alert"] {
  margin: 0;
  color: var(--bad);
}
.aside {
  text-align: center;
}
@media (max-width: 40rem) {
  .report th,
  .report td {
    max-width: 9rem;
  }
}
pre {
  background: var(--ground);
  padding: 0.7rem 1rem;
  border-radius: 8px;
  overflow-x: auto;
}
footer {
  text-align: center;
  color: var(--soft);
  padding: 1rem;
  font-size: 0.86rem;
}
`;
