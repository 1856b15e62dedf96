-- convlint in Neovim 0.7 or newer: save as ~/.config/nvim/plugin/convlint.lua.

local cmd = { "convlint", "server" }

if vim.lsp.config then -- from 0.11 on
  vim.lsp.config("convlint", {
    cmd = cmd,
    filetypes = { "python" },
    root_markers = { "convlint.toml", "pyproject.toml", ".git" },
  })
  vim.lsp.enable("convlint")
  vim.lsp.inlay_hint.enable(true)
else
  local client
  vim.api.nvim_create_autocmd("FileType", {
    pattern = "python",
    callback = function(event)
      client = client or vim.lsp.start_client({
        name = "convlint",
        cmd = cmd,
        root_dir = vim.fn.getcwd(),
        on_exit = function() client = nil end,
      })
      if client then vim.lsp.buf_attach_client(event.buf, client) end
    end,
  })
end
