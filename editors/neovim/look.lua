-- What Neovim shows of net.py, by its own API; the first thing that is missing ends it with exit code 1.
-- Run by `look.sh`.

local PATIENCE = 60000 -- milliseconds until something that must come counts as missing

local function say(text) io.stdout:write(text .. "\n") end

local function check(fact, what)
  if not fact then
    say("missing: " .. what)
    vim.cmd("cquit 1")
  end
  say("seen: " .. what)
end

local function found(code)
  for _, each in ipairs(vim.diagnostic.get(0)) do
    if each.code == code then return each end
  end
end

local function come(condition, what) check(vim.wait(PATIENCE, condition, 50), what) end

local function line(number) return vim.api.nvim_buf_get_lines(0, number, number + 1, true)[1] end

-- The first answer to a request about this document, and the client that it comes from.
local function ask(method, params)
  params.textDocument = vim.lsp.util.make_text_document_params()
  for id, answer in pairs(vim.lsp.buf_request_sync(0, method, params, PATIENCE) or {}) do
    if answer.result then return answer.result, vim.lsp.get_client_by_id(id) end
  end
  return {}
end

local function at(word, row)
  local place = { line = row, character = line(row):find(word, 1, true) - 1 }
  return { position = place, range = { start = place, ["end"] = place }, context = { diagnostics = {} } }
end

vim.cmd("edit net.py")

come(function() return found("CL102") end, "the diagnostic CL102")
local error_ = found("CL102")
check(error_.lnum == 8, "it stands on row 9")
check(error_.col == line(8):find("32", 1, true) - 1, "its column counts what stands before it, an emoji too")
check(error_.severity == vim.diagnostic.severity.ERROR, "it is an error")

local hover = ask("textDocument/hover", at("nn.Conv2d(3,", 7))
check(hover.contents and hover.contents.value:find("1,792 parameters", 1, true), "the parameters on hover")

if vim.lsp.inlay_hint then
  local function hinted()
    for _, each in ipairs(vim.lsp.inlay_hint.get({ bufnr = 0 })) do
      if tostring(vim.inspect(each.inlay_hint.label)):find("1,792 parameters", 1, true) then return true end
    end
  end
  come(hinted, "the parameters as an inlay hint")
end

local fix
local actions, client = ask("textDocument/codeAction", at("32", 8))
for _, action in ipairs(actions) do
  if action.title:find("in_channels=64", 1, true) then fix = action end
end
check(fix, "the fix of CL102")
vim.lsp.util.apply_workspace_edit(fix.edit, client.offset_encoding)
check(line(8):find("nn.Conv2d(64, 64, 1)", 1, true), "the fix is applied")
come(function() return not found("CL102") end, "no CL102 after that")

vim.cmd("quitall!")
